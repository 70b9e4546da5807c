"""Which records a template tells of, as fields that offer what is public of the given groups."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Meeting, Webinar
from outcomes import halves, when
from outcomes.models import Edition, EditionSource
from workinggroups.models import WorkingGroup

Template = Edition.Template
KINDS = ("meetings", "webinars", "rounds", "focuses", "challenges")
LABELS = {
    "rounds": gettext_lazy("Ranking rounds"),
    "focuses": gettext_lazy("Decisions on the focus"),
    "meetings": gettext_lazy("Meetings"),
    "webinars": gettext_lazy("Webinars and conferences"),
    "challenges": gettext_lazy("Challenges"),
}
TELLS_OF = {
    Template.ROUND: ("rounds", "focuses", "meetings", "webinars", "challenges"),
    Template.MEETING: ("meetings", "webinars", "rounds", "focuses"),
    Template.HALF_YEAR: ("rounds", "focuses"),
    Template.LEAFLET: (),
}
NEEDED = {Template.MEETING: ("meetings", "webinars")}  # one of them at least
ONE_DAY = dt.timedelta(days=1)
HALVES = 8  # offered, the running one first


class RecordsField(forms.ModelMultipleChoiceField[Any]):
    """Says of each record to which group it belongs, and of meetings and webinars when they were."""

    widget = forms.CheckboxSelectMultiple
    is_one_of_several = False  # needed unless another one is filled in

    def label_from_instance(self, obj: Any) -> str:
        if isinstance(obj, Webinar):
            return " · ".join([str(obj), when.day_of(obj), *(group.name for group in obj.groups.all())])
        group = obj.round.group if isinstance(obj, Focus) else obj.group
        parts = [str(obj), when.day_of(obj) if isinstance(obj, Meeting) else "", group.name]
        return " · ".join(part for part in parts if part)


def offered(groups: QuerySet[WorkingGroup]) -> dict[str, QuerySet[Any]]:
    """What is public of the groups, the newest first."""
    found = {
        "rounds": RankingRound.objects.published().filter(group__in=groups).order_by("-published_at", "-pk"),
        "focuses": Focus.objects.visible_to(None).filter(round__group__in=groups).order_by("-decided_at", "-pk"),
        "meetings": Meeting.objects.announced().filter(group__in=groups).order_by("-sort_day", "-pk"),
        "challenges": Challenge.objects.published().filter(group__in=groups).order_by("title", "pk"),
    }
    told = {
        name: records.select_related("round__group" if name == "focuses" else "group")
        for name, records in found.items()
    }
    theirs = Webinar.objects.published().filter(Q(groups__in=groups) | Q(groups=None)).distinct()
    return told | {"webinars": theirs.prefetch_related("groups").order_by("-sort_day", "-pk")}


TOOK_PLACE = [Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED, Webinar.State.RECORDING_PUBLISHED]
SET_ASIDE = [Meeting.State.POSTPONED, Meeting.State.CANCELLED, Webinar.State.CANCELLED]


def begun(records: QuerySet[Any]) -> QuerySet[Any]:
    """Meetings or webinars of which there is something to report."""
    has_begun = Q(state__in=TOOK_PLACE) | Q(sort_day__lte=timezone.now().date())
    return records.filter(has_begun).exclude(state__in=SET_ASIDE)


def add_to(form: forms.BaseForm, template: str, groups: QuerySet[WorkingGroup]) -> None:
    """Give the form a field for each kind of record its template tells of, and the half-year where there is one."""
    records = offered(groups)
    if template == Template.MEETING:
        records |= {name: begun(records[name]) for name in NEEDED[Template.MEETING]}
    for name in TELLS_OF[Template(template)]:
        form.fields[name] = field = RecordsField(records[name], label=LABELS[name], required=False)
        if name in NEEDED.get(Template(template), ()):
            field.is_one_of_several, field.help_text = True, gettext_lazy("At least one meeting or webinar is needed.")
    if template == Template.HALF_YEAR:
        form.fields["half"] = forms.ChoiceField(label=gettext_lazy("Half-year"), choices=half_choices)


def half_choices() -> list[tuple[str, str]]:
    return [(halves.key(half), half_name(half)) for half in halves.latest(timezone.now().date(), HALVES)]


def half_name(half: halves.Half) -> str:
    """January to June 2026."""
    first, last = (formats.date_format(day, "F") for day in (half[0], half[1] - ONE_DAY))
    return _("%(first)s to %(last)s %(year)s") % {"first": first, "last": last, "year": half[0].year}


def missing(template: str, cleaned: dict[str, Any]) -> str | None:
    """The field of the records without which the template has nothing to tell."""
    names = NEEDED.get(Template(template), ())
    return names[0] if names and not any(cleaned.get(name) for name in names) else None


def chosen(edition: Edition) -> dict[str, Any]:
    """The records an edition tells of, as initial values of the form."""
    rows = EditionSource.objects.filter(edition=edition).order_by("position")
    columns = {
        "rounds": "round_id",
        "focuses": "focus_id",
        "meetings": "meeting_id",
        "webinars": "webinar_id",
        "challenges": "challenge_id",
    }
    records: dict[str, Any] = {
        name: [getattr(row, column) for row in rows if getattr(row, column)] for name, column in columns.items()
    }
    if edition.period_from and edition.period_until:
        records["half"] = halves.key((edition.period_from, edition.period_until))
    return records | {"references": list(edition.references.order_by("pk").values_list("pk", flat=True))}
