"""The editor of minutes: text, decisions, action points; until when to comment; a comment; a reason; a done day."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import languages, times
from meetings.actions.minutes import ActionLine, DecisionLine, Wording
from meetings.forms.wall_clock import local_moment, moment_field
from meetings.models import Meeting, Minutes
from people.models import User

LONGEST_TEXT = 200_000
LONGEST_LINE = 1000
EMPTY_ROWS = 2
MOST_ROWS = 100
TIME_TO_COMMENT, END_OF_WORK = dt.timedelta(days=7), dt.time(18)
Choices = list[tuple[int, str]]
EMPTY = ("", "–")


class TextForm(forms.Form):
    """`edit` tells which text the editor started from."""

    text = forms.CharField(
        label=_("Minutes"),
        help_text=_("Markdown: ## heading, **bold**, - list, [words](https://…). Who came is added by itself."),
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language of the text"),
        choices=list(languages.NAMES.items()),
        help_text=_("Read aloud and hyphenated as such; the page around it stays in the reader’s language."),
    )
    edit = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class StepForm(forms.Form):
    """A step. `edit` is the text approved; `comments_by`, on the meeting's clock, may be left open until approval."""

    comments_by = moment_field(_("Comments by"))
    edit = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, now = zone, timezone.now().astimezone(zone)
        field = self.fields["comments_by"]
        field.help_text = _("%(clock)s. Left open: until they are approved.") % {"clock": times.zone_text(now)}
        self.initial["comments_by"] = dt.datetime.combine(now.date() + TIME_TO_COMMENT, END_OF_WORK)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        until = local_moment(self, "comments_by", cleaned.get("comments_by"), self.zone)
        if until and until <= timezone.now():
            self.add_error("comments_by", _("This time has passed. Choose one to come."))
        cleaned["comments_by"] = until
        return cleaned


class LineForm(forms.Form):
    """A row without text is left out. Choices are given as pairs: a formset would fetch them once for each row."""

    text = forms.CharField(
        label=_("Decision"),
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "true"}),
        max_length=LONGEST_LINE,
        required=False,
    )
    item = forms.TypedChoiceField(label=_("Agenda item"), required=False, coerce=int, empty_value=None)
    row = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, items: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [EMPTY, *items]  # type: ignore[attr-defined]  # a ChoiceField


class ActionForm(LineForm):
    owner = forms.TypedChoiceField(label=_("Who"), required=False, coerce=int, empty_value=None)
    due = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["text", "owner", "due", "item"]

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is to be done")
        self.fields["owner"].choices = [EMPTY, *people]  # type: ignore[attr-defined]  # a ChoiceField


def owners(meeting: Meeting, known: list[dict[str, Any]]) -> Choices:
    """Who can take something on: today's members, the secretariat, and whoever has taken on something already."""
    members = meeting.group.memberships.active().values("user")
    named = [line["owner"] for line in known if line["owner"]]
    people = User.objects.filter(Q(pk__in=members) | Q(is_secretariat=True, is_active=True) | Q(pk__in=named))
    return [(person.pk, str(person)) for person in people.order_by("display_name", "pk")]


class Editor:
    """The three forms of the page as one. `start` is the text it begins with, stored or not yet."""

    def __init__(self, meeting: Meeting, start: Minutes, data: QueryDict | None) -> None:
        self.start = start
        items: Choices = [(item.pk, item.title) for item in meeting.agenda.order_by("position")]
        self.text = TextForm(data, initial={"text": start.text, "edit": start.edit, "language": start.language})
        self.decisions = _rows(LineForm)(
            data, prefix="decisions", initial=start.decisions, form_kwargs={"items": items}
        )
        self.actions = _rows(ActionForm)(
            data,
            prefix="actions",
            initial=start.actions,
            form_kwargs={"items": items, "people": owners(meeting, start.actions)},
        )

    def is_valid(self) -> bool:
        rows_are_valid = self.decisions.is_valid() & self.actions.is_valid()
        if self.text.is_valid() and not rows_are_valid:
            self.text.add_error(None, _("A decision or an action point needs another look: see below."))
        return rows_are_valid and self.text.is_valid()

    def wording(self) -> Wording:
        """Return what was written; call it on a valid editor."""
        return Wording(
            self.text.cleaned_data["text"].replace("\r\n", "\n"),
            [DecisionLine(row["text"], row["item"], row["row"]) for row in _filled(self.decisions)],
            [
                ActionLine(row["text"], row["owner"], row["due"], row["item"], row["row"])
                for row in _filled(self.actions)
            ],
            self.text.cleaned_data["language"],
        )

    def begin_again_from(self, edit: int) -> None:
        """Keep what was typed, now as a change of the text that was saved meanwhile."""
        data = dict(self.text.data.items())
        data["edit"] = str(edit)
        self.text.data = data


def _rows(form: type[LineForm]) -> Any:
    return forms.formset_factory(form, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS + EMPTY_ROWS)


def _filled(formset: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in formset.forms if form.cleaned_data.get("text", "").strip()]


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Your comment"), widget=forms.Textarea(attrs={"rows": 3}), max_length=5000)


class DoneForm(forms.Form):
    """The day something was done, today or before."""

    done_on = forms.DateField(
        label=_("Done on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )

    def clean_done_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["done_on"]
        if day and day > dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1):
            raise forms.ValidationError(_("This day is still to come."))
        return day
