"""The plan of a round: its question, options, times in a zone, voters, and what will be published."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.actions import Plan
from challenges.forms.agenda import AgendaItemField, offer_items
from challenges.forms.focus import DecisionField, offer_decisions
from challenges.models import Challenge, Focus, RankingRound
from challenges.starts import repeatable
from history.clock import database_now
from history.seen import given, remember
from meetings.models import Meeting
from meetings.times import NoSuchTime, to_utc
from people.forms import zone_choices
from workinggroups.models import Membership, WorkingGroup

Role = Membership.Role
ASKS = [("ranking", gettext_lazy("Rank challenges")), ("text", gettext_lazy("Yes or no to a text"))]
VOTING = [(role.value, role.label) for role in (Role.MEMBER, Role.RAPPORTEUR, Role.LEADER)]


class WallTimeField(forms.DateTimeField):
    """Date and time as the clock on the wall shows them; the zone stands in a field of its own."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> dt.datetime | None:
        if value in self.empty_values:
            return None
        try:
            moment = dt.datetime.fromisoformat(str(value).strip())
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise forms.ValidationError(_("Give a date and a time, like 2027-01-31 18:00."))
        return moment


def in_zone(wall: dt.datetime, zone: str) -> dt.datetime:
    """Return the moment in UTC. Raises ValidationError for an hour that the clocks skip."""
    try:
        return to_utc(wall, ZoneInfo(zone))
    except (NoSuchTime, OverflowError) as error:
        raise forms.ValidationError(_("This time does not exist in the zone. Choose another.")) from error


class OptionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Challenge) -> str:
        return f"{obj.parent} › {obj}" if obj.parent else str(obj)


class RoundForm(forms.Form):
    """The plan of a round of one group."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    asks = forms.ChoiceField(
        label=gettext_lazy("What is asked"), choices=ASKS, widget=forms.RadioSelect, initial="ranking", required=False
    )
    repeats = forms.ModelChoiceField(
        label=gettext_lazy("Repeats an earlier round"),
        queryset=RankingRound.objects.none(),
        required=False,
        empty_label=gettext_lazy("No, it is a new question"),
        help_text=gettext_lazy(
            "A repeat asks the same electors the same question about the same challenges: leave both open then."
        ),
    )
    question = forms.CharField(
        label=gettext_lazy("Question"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "For example: Which challenges hold back interregional cooperation in your region? "
            "For a yes or no: the text itself."
        ),
    )
    options = OptionsField(
        label=gettext_lazy("Challenges to rank"),
        queryset=Challenge.objects.none(),
        help_text=gettext_lazy("Their titles and texts are frozen when the round opens. None for a text."),
    )
    meeting = forms.ModelChoiceField(
        label=gettext_lazy("Meeting"), queryset=Meeting.objects.none(), required=False, empty_label="–"
    )
    agenda_item = AgendaItemField(
        label=gettext_lazy("Agenda item"), help_text=gettext_lazy("Where the meeting deals with it.")
    )
    decision = DecisionField(
        label=gettext_lazy("Decision it belongs to"), help_text=gettext_lazy("Where minutes asked for this round.")
    )
    deepens = forms.ModelChoiceField(
        label=gettext_lazy("Deepens a focus"),
        queryset=Focus.objects.none(),
        required=False,
        empty_label="–",
        help_text=gettext_lazy("For a round on the subdimensions of challenges in focus."),
    )
    opens_at = WallTimeField(
        label=gettext_lazy("Opens"), required=False, help_text=gettext_lazy("Left open, you open it by hand.")
    )
    closes_at = WallTimeField(
        label=gettext_lazy("Closes"), required=False, help_text=gettext_lazy("Left open, you close it by hand.")
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zone_choices, initial="Europe/Brussels")
    voting_roles = forms.MultipleChoiceField(
        label=gettext_lazy("Who votes"), choices=VOTING, widget=forms.CheckboxSelectMultiple, initial=[Role.MEMBER]
    )
    policy = forms.ChoiceField(
        label=gettext_lazy("What is published"),
        choices=RankingRound.Policy.choices,
        widget=forms.RadioSelect,
        initial=RankingRound.Policy.BREAKDOWN,
        help_text=gettext_lazy(
            "Never both: with the ballots in hand, the figures of a helix would name its members’ ballots."
        ),
    )
    will_repeat = forms.BooleanField(
        label=gettext_lazy("A repeat is planned"),
        required=False,
        help_text=gettext_lazy(
            "Ballots stay linked to their members until the repeat is published, six months at most."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        group: WorkingGroup,
        round: RankingRound | None = None,
        start: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_plan_of(round) if round else start)
        self.group, self.round = group, round
        if data and data.get("repeats"):
            self.fields["question"].required = self.fields["options"].required = False
        if data and data.get("asks") == "text":
            self.fields["options"].required = False
        self._offer("repeats", repeatable(group, round))
        self._offer("options", _offered(group))
        self._offer("meeting", group.meetings.exclude(state=Meeting.State.CANCELLED))
        offer_items(self, "agenda_item", group)
        offer_decisions(self, "decision", group)
        self._offer("deepens", Focus.objects.filter(round__group=group).select_related("round"))
        if round:
            remember(self)

    def _offer(self, name: str, queryset: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = queryset

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self._clean_question(values)
        self._clean_times(values)
        self._clean_item(values)
        if values.get("repeats") and values.get("deepens"):
            self.add_error("deepens", _("A round repeats a question or deepens a focus, not both."))
        return values

    def _clean_question(self, values: dict[str, Any]) -> None:
        """A repeat brings its own question and options; yes and no to a text need no challenges."""
        if values.get("asks") == "text":
            return
        few = len(values.get("options") or ()) < 2  # noqa: PLR2004 - one cannot be ranked
        if few and not values.get("repeats") and "options" not in self.errors:
            self.add_error("options", _("Choose at least two challenges."))

    def _clean_item(self, values: dict[str, Any]) -> None:
        """An item names its meeting too; a meeting chosen beside it must be the same."""
        item = values.get("agenda_item")
        if item is None or "meeting" in self.errors:
            return
        values["meeting"] = values.get("meeting") or item.meeting
        if values["meeting"] != item.meeting:
            self.add_error("agenda_item", _("This item stands on the agenda of another meeting: %s.") % item.meeting)

    def _clean_times(self, values: dict[str, Any]) -> None:
        zone = values.get("timezone")
        for name in ("opens_at", "closes_at"):
            if values.get(name) and zone:
                self._clean_moment(name, zone)
        opens, closes = values.get("opens_at"), values.get("closes_at")
        if opens and closes and zone and closes <= opens:
            self.add_error("closes_at", _("The round must close after it opens."))

    def _clean_moment(self, name: str, zone: str) -> None:
        try:
            moment = in_zone(self.cleaned_data[name], zone)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return
        self.cleaned_data[name] = moment
        if moment <= database_now() and not (self.round and getattr(self.round, name) == moment):
            self.add_error(name, _("This time has passed."))

    def plan(self) -> Plan:
        """Return what the valid form says."""
        values = given(self)
        if values.pop("asks") == "text":
            values |= {"options": (), "wordings": (_("Yes"), _("No"))}
        return Plan(group=self.group, **values)


def _offered(group: WorkingGroup) -> QuerySet[Challenge]:
    """Clusters in their order, each followed by its subdimensions."""
    challenges = group.challenges.rankable().exclude(status=Challenge.Status.CLOSED).select_related("parent")
    return challenges.order_by(
        Coalesce("parent__position", "position"),
        Coalesce("parent", "pk"),
        F("parent").asc(nulls_first=True),
        "position",
        "pk",
    )


def _plan_of(round: RankingRound) -> dict[str, Any]:
    """Initial values of the form for a draft; times as the wall clock of its zone shows them."""
    own = {name: getattr(round, name) for name in RoundForm.base_fields if name not in {"options", "asks"}}
    for name in ("opens_at", "closes_at"):
        own[name] = own[name] and own[name].astimezone(round.zone).replace(tzinfo=None)
    asked = list(round.options.values_list("challenge", flat=True))
    of_challenges = [pk for pk in asked if pk is not None]
    return own | {"options": of_challenges, "asks": "ranking" if of_challenges or not asked else "text"}
