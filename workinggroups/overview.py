"""What the public page of a group shows, in few queries. Rooms above are met through reverse relations only."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce, JSONObject, Now
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import Entry
from people.models import Helix
from workinggroups.cadence import cadence
from workinggroups.composition import Composition, Seat, compose
from workinggroups.models import Membership, WorkingGroup, WorkingGroupQuerySet

FETCHED, DEEDS, OUTCOMES, WORKS = 60, 8, 3, 5  # public entries read; lines, outcomes and works of others shown
UNUSED = ["summary", "reason", "join_url", "calendar_block"]  # long, and not on this page


def with_history() -> WorkingGroupQuerySet:
    """Groups with criterion and, in the same query, the clock (`read_at`), `deeds` and `works`.

    Deeds are the latest public entries, works the newest references to what others published.
    """
    entries = Entry.objects.published().filter(
        about_type__app_label="workinggroups", about_type__model="workinggroup", about_id=OuterRef("pk")
    )
    latest = entries.order_by("-at", "-pk")[:FETCHED]
    deeds = ArraySubquery(latest.values(json=JSONObject(verb="verb", at="at", reason="reason")))
    return WorkingGroup.objects.select_related("criterion").annotate(deeds=deeds, works=_works(), read_at=Now())


def _works() -> ArraySubquery:
    linked = WorkingGroup.objects.filter(pk=OuterRef("pk"), references__isnull=False)
    newest = linked.order_by(F("references__year").desc(nulls_last=True), "references__title", "references__pk")
    told = {name: f"references__{name}" for name in ("title", "authors", "year", "doi", "url", "language")}
    return ArraySubquery(newest.values(json=JSONObject(**told))[:WORKS])


def with_seats() -> WorkingGroupQuerySet:
    """Groups with criterion and `seats`: their active memberships. Active groups first."""
    active = Membership.objects.active().with_people().order_by("pk")
    seats = Prefetch("memberships", queryset=active, to_attr="seats")
    return WorkingGroup.objects.select_related("criterion").prefetch_related(seats).order_by("status", "name", "pk")


def with_numbers() -> WorkingGroupQuerySet:
    """Groups with criterion and, in the same query, `members` and `countries` as numbers; observers do not count."""
    active = Membership.objects.active().filter(group=OuterRef("pk")).exclude(role=Membership.Role.OBSERVER)
    seats = active.order_by().values("group")
    countries = seats.annotate(n=Count("user__region__country", distinct=True))
    return WorkingGroup.objects.select_related("criterion").annotate(
        members=Coalesce(Subquery(seats.annotate(n=Count("pk")).values("n")), 0),
        countries=Coalesce(Subquery(countries.values("n")), 0),
    )


def _seat(member: Membership) -> Seat:
    region = member.user.region
    return Seat(member.user.helix, getattr(member, "country", None) or "", region.code if region else "")


def composition(memberships: Iterable[Membership]) -> Composition:
    """Count who sits at the table; observers do not. Needs MembershipQuerySet.with_people()."""
    observer = Membership.Role.OBSERVER
    seats = [_seat(member) for member in memberships if member.role != observer]
    return compose(seats, Helix.values)


def page(group: WorkingGroup) -> dict[str, Any]:
    """Return the context of the page: four queries, however much there is. `group` comes from with_history()."""
    return {
        "group": group,
        **_people(group),
        **_meetings(group, group.read_at),  # type: ignore[attr-defined]  # annotated above
        "focus": _focus(group),
        "outcomes": _outcomes(group),
        "deeds": _deeds(group),
        "works": getattr(group, "works", None),
    }


def _people(group: WorkingGroup) -> dict[str, Any]:
    """Everybody is counted; only who agreed is named."""
    members = list(group.memberships.active().with_people().by_name())
    named = [member for member in members if member.user.show_name_publicly]
    steering = [Membership.Role.LEADER, Membership.Role.RAPPORTEUR]
    return {
        "composition": composition(members),
        "named": named,
        "unnamed": len(members) - len(named),
        "steering": [member for member in named if member.role in steering],
    }


def _meetings(group: WorkingGroup, now: dt.datetime) -> dict[str, Any]:
    meetings = list(group.meetings.announced().defer(*UNUSED).order_by("sort_day", "starts_at", "pk"))
    upcoming = [
        meeting
        for meeting in meetings
        if meeting.state in meeting.PLANNED
        and (meeting.ends_at is None or meeting.ends_at >= now or meeting.state == meeting.State.POSTPONED)
    ]
    held = [meeting for meeting in meetings if meeting not in upcoming and meeting.state != meeting.State.CANCELLED]
    return {
        "upcoming": upcoming,
        "last_meeting": held[-1] if held else None,
        "cadence": cadence(
            [meeting.sort_day for meeting in held if meeting.sort_day],
            a_year=group.target_meetings_per_year,
            begins=group.mandate_from,
            ends=group.mandate_until,
        ),
    }


def _focus(group: WorkingGroup) -> list[dict[str, Any]]:
    """The challenges of the latest focus; equal ranks are shown as joint."""
    chosen = group.challenges.published().filter(focus_entries__isnull=False)
    placed = chosen.annotate(place=F("focus_entries__rank"), decided_at=F("focus_entries__focus__decided_at"))
    rows: list[Any] = list(placed.order_by("-decided_at", "place", "position", "pk"))
    latest = [row for row in rows if row.decided_at == rows[0].decided_at]
    ties = Counter(row.place for row in latest)
    return [{"challenge": row, "place": f"{row.place}=" if ties[row.place] > 1 else row.place} for row in latest]


def _outcomes(group: WorkingGroup) -> list[Any]:
    published = group.publications.filter(editions__state="published")
    titled = published.annotate(
        title=F("editions__title"), language=F("editions__language"), published_at=F("editions__published_at")
    )
    return list(titled.order_by("-published_at", "pk")[:OUTCOMES])


def _deeds(group: WorkingGroup) -> list[dict[str, Any]]:
    """The latest deeds, newest first; the same deed on the same day is told once, with its number."""
    entries: list[dict[str, str]] = getattr(group, "deeds", None) or []
    told = [(parse_datetime(entry["at"]), entry["verb"], entry["reason"]) for entry in entries]
    days = groupby((at.date(), verb, reason) for at, verb, reason in told if at)
    lines = [
        {"day": day, "what": _sentence(verb, len(list(same))), "reason": reason} for (day, verb, reason), same in days
    ]
    return lines[:DEEDS]


def _sentence(verb: str, number: int) -> str:
    sentences = {
        "created": _("The group was set up"),
        "described": _("The description was changed"),
        "member_joined": ngettext("Somebody joined", "%(number)s people joined", number),
        "member_left": ngettext("Somebody left", "%(number)s people left", number),
        "member_paused": ngettext("A membership was paused", "%(number)s memberships were paused", number),
        "member_resumed": ngettext("A paused membership goes on", "%(number)s paused memberships go on", number),
        "role_changed": ngettext("A role changed hands", "%(number)s roles changed hands", number),
    }
    return sentences.get(verb, verb) % {"number": number}
