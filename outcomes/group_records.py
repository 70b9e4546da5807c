"""A group as plain data, in a period or since its beginning: for its half-year report and its leaflet."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from challenges import results
from challenges.disclosure.published import Shown
from challenges.models import Focus, RankingRound
from meetings.models import Meeting
from outcomes import when
from outcomes.meeting_records import actions, attendance, decisions, published_minutes
from outcomes.models import Edition, Publication
from outcomes.records import day_of, focus_record, headline, link
from people.models import Helix, Region
from workinggroups.models import Membership, WorkingGroup

Plain = dict[str, Any]
HELD = [Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED]


def group_record(group: WorkingGroup, first: dt.date | None, until: dt.date | None, *, now: dt.datetime) -> Plain:
    """What the group did from the first day (or its beginning) to the day before `until` (or today)."""
    within = (first or dt.date.min, until or dt.date.max)
    meetings = list(_held(group, within))
    minuted = [meeting for meeting in meetings if published_minutes(meeting)]
    return {
        "name": group.name,
        "address": group.get_absolute_url(),
        "summary": group.summary,
        "aims": list(group.aims),
        "contact": group.contact_email,
        "period": period(first, until),
        "members": _members(group),
        "countries": _countries(group),
        "meetings": [_meeting(meeting) for meeting in meetings],
        "attendance": attendance(meetings),
        "rounds": [_round(told) for told in _published_rounds(group, within)],
        "decisions": [plain for meeting in minuted for plain in decisions(meeting)],
        "actions": [plain for meeting in minuted for plain in actions(meeting)],
        "outcomes": [_outcome(edition) for edition in _outcomes(group, within)],
        "focus": _focus(group),
        "next_meetings": [
            _meeting(meeting) for meeting in Meeting.objects.announced().filter(group=group).upcoming(now)
        ],
    }


def period(first: dt.date | None, until: dt.date | None) -> Plain | None:
    """The days from `first` to the last before `until`, for people and machines."""
    if first is None or until is None:
        return None
    last = until - dt.timedelta(days=1)
    text = _("%(first)s to %(last)s") % {
        "first": formats.date_format(first, "DATE_FORMAT"),
        "last": formats.date_format(last, "DATE_FORMAT"),
    }
    return {"from": first.isoformat(), "until": until.isoformat(), "text": text}


def _held(group: WorkingGroup, within: tuple[dt.date, dt.date]) -> QuerySet[Meeting]:
    held = Meeting.objects.announced().filter(group=group, state__in=HELD)
    return held.filter(sort_day__gte=within[0], sort_day__lt=within[1]).order_by("sort_day", "pk")


def _meeting(meeting: Meeting) -> Plain:
    came = attendance([meeting])
    return {
        **link(meeting),
        "when": when.of_meeting(meeting),
        "day": day_of(meeting),
        "where": when.where(meeting),
        "invited": sum(row["invited"] for row in came),
        "came": sum(row["came"] for row in came),
    }


def _published_rounds(group: WorkingGroup, within: tuple[dt.date, dt.date]) -> QuerySet[RankingRound]:
    rounds = RankingRound.objects.published().filter(group=group).select_related("result")
    return rounds.filter(closed_at__date__gte=within[0], closed_at__date__lt=within[1]).order_by("closed_at", "pk")


def _round(told: RankingRound) -> Plain:
    result = results.shown(told)
    has_finding = result is not None and result.shown is not Shown.NOTHING
    return {
        **link(told),
        "closed": when.moment(told.closed_at, told.zone),
        "headline": headline(result) if result and has_finding else "",
        "ballots": result.n if result else 0,
        "electors": result.electors if result else 0,
    }


def _outcomes(group: WorkingGroup, within: tuple[dt.date, dt.date]) -> QuerySet[Edition]:
    editions = Edition.objects.published().short().filter(publication__groups=group)
    dated = editions.filter(published_at__date__gte=within[0], published_at__date__lt=within[1])
    return dated.select_related("publication").order_by("published_at", "pk")


def _outcome(edition: Edition) -> Plain:
    return {
        "title": edition.title,
        "address": edition.get_absolute_url(),
        "kind": str(Publication.Kind(edition.publication.kind).label),
        "published": when.moment(edition.published_at)["date"],
    }


def _focus(group: WorkingGroup) -> Plain | None:
    """The latest decision on what to take up."""
    last = Focus.objects.visible_to(None).filter(round__group=group).order_by("-decided_at", "-pk").first()
    return focus_record(last) if last else None


def _seats(group: WorkingGroup) -> QuerySet[Membership]:
    return Membership.objects.active().filter(group=group).exclude(role=Membership.Role.OBSERVER)


def _members(group: WorkingGroup) -> list[Plain]:
    """Members of each helix; those who never said theirs last."""
    helices = list(_seats(group).values_list("user__helix", flat=True))
    return [{"helix": value, "count": helices.count(value)} for value in (*Helix.values, "") if value in helices]


def _countries(group: WorkingGroup) -> list[str]:
    codes = _seats(group).exclude(user__region=None).values("user__region__country")
    countries = Region.objects.filter(Q(level=0), code__in=codes)
    return sorted(set(countries.values_list("name", flat=True)))
