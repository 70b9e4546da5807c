"""A group with a past, as every template needs it: members, a meeting with minutes, a ranking, a focus."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from challenges import actions as challenges
from challenges.models import Focus, RankingRound
from meetings.models import ActionPoint, Attendee, Decision, Meeting, Minutes
from meetings.written import kept
from outcomes import actions
from outcomes.models import Edition
from people.models import Helix, User
from tests import factories
from workinggroups.models import WorkingGroup

WHEN = dt.datetime(2026, 7, 3, 9, 0, tzinfo=dt.UTC)
BALLOTS = [[1, 2, 3], [1, 3, 2], [1, 2, 0], [2, 1, 3]] * 6
MINUTES = (
    "Members told what holds them back.\n\n## Ranking\n\nCapacity came **first**.\n\n## Focus\n\n- capacity\n- funding"
)
EVERY_LETTER = (
    "България Česko Danmark Österreich Ελλάδα Eesti Suomi français Éire Hrvatska Magyarország Italia Lietuva Ėjimas "
    "Latvija Šķēle Malta Ħobż Nederland Łódź Żółć Português Ñandú România Țară Şi Slovensko Žluťoučký Slovenija Åland"
)


@dataclass(frozen=True)
class Scene:
    group: WorkingGroup
    meeting: Meeting
    round: RankingRound
    focus: Focus


def scene() -> Scene:
    group = factories.group(
        name="Interregional Collaboration",
        summary="Regions of Europe that want to work together, and find out what keeps them from it.",
        aims=["Collect good practices", "Name common challenges", "Try solutions together"],
        contact_email="office@example.org",
    )
    options = [factories.challenge(group, title=title) for title in ("Capacity", "Funding", "Ecosystems")]
    told = factories.published_round(group, *BALLOTS, options=options, title="Main challenges")
    held = meeting(group)
    focus = challenges.decide_focus(
        round=told, entries=[(1, options[0]), (2, options[1])], reason="Nothing works without people.",
        taken_in=held, by=factories.secretariat(),
    )  # fmt: skip
    return Scene(group, held, told, focus)


def meeting(group: WorkingGroup) -> Meeting:
    """Held, with attendance and published minutes."""
    starts = dt.datetime(2026, 6, 15, 8, 0, tzinfo=dt.UTC)
    held = factories.meeting(
        group, title="Kick-off", starts_at=starts, ends_at=starts + dt.timedelta(hours=3), sort_day=starts.date(),
        state=Meeting.State.HELD, summary="The first **meeting**.",
    )  # fmt: skip
    for position, title in enumerate(("Welcome", "Ranking of challenges", "What next"), 1):
        held.agenda.create(position=position, title=title, minutes=30)
    members = [seat.user for seat in group.memberships.select_related("user").order_by("pk")]
    Attendee.objects.bulk_create(
        Attendee(meeting=held, user=person, attended=number % 4 != 3) for number, person in enumerate(members)
    )
    _minute(held, members[0])
    return held


def _minute(held: Meeting, owner: User) -> None:
    Minutes.objects.create(
        meeting=held, revision=1, state=Minutes.State.PUBLISHED, text=MINUTES, changed_at=WHEN, approved_at=WHEN,
        published_at=WHEN, presence=kept(held),
    )  # fmt: skip
    Decision.objects.create(meeting=held, position=1, text="The group takes up capacity first.")
    ActionPoint.objects.create(meeting=held, text="Write up two practices.", owner=owner, due=dt.date(2026, 9, 1))
    Meeting.objects.filter(pk=held.pk).update(state=Meeting.State.PUBLISHED)


def edition(of: Scene, template: str, **prose: Any) -> Edition:
    """The edition of a template, planned and asked to be built."""
    sources: dict[str, list[Any]] = {
        "round": [of.round, of.focus, of.meeting],
        "meeting": [of.meeting, of.focus],
        "half_year": [],
        "leaflet": [],
    }
    if template == "half_year":
        prose |= {"period_from": dt.date(2026, 1, 1), "period_until": dt.date(2026, 7, 1)}
    planned = factories.drafted_edition(factories.publication(of.group), *sources[template], template=template, **prose)
    return actions.request_build(edition=planned, by=None)


def built(of: Scene, template: str, **prose: Any) -> Edition:
    return actions.build_edition(edition(of, template, **prose).pk, now=WHEN)


HELICES = dict(Helix.choices)
