"""Warnings, never locks: holidays where members live, two meetings at once, one side of the helix alone."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from meetings import actions, cautions, warnings
from meetings.coverage import Best, Coverage, Voice, best, of_date
from meetings.models import Meeting
from people.models import User
from tests.factories import group, meeting, member, region
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import WorkingGroup

Plan = Callable[..., Meeting]
HOUR = dt.timedelta(hours=1)
MEMBER_STATES = "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


# -- pure ------------------------------------------------------------------------------------------------------------
def test_holidays_are_those_of_the_members_countries_with_the_union_s_codes() -> None:
    day = dt.date(2027, 3, 25)
    found = warnings.public_holidays([day], ["EL", "BE", "EL", "", "XX"])
    assert found == [warnings.Holiday("EL", "Independence Day", day, 2)]


@pytest.mark.parametrize("code", MEMBER_STATES.split())
def test_every_member_state_has_a_new_year(code: str) -> None:
    assert dt.date(2027, 1, 1) in warnings.calendar_of(code, 2027)


@pytest.mark.parametrize(("hours", "days"), [(2, 1), (14, 1), (15, 2), (38, 2)])
def test_a_meeting_touches_the_days_of_its_own_clock(hours: int, days: int) -> None:
    starts = dt.datetime(2027, 6, 15, 10, tzinfo=ZoneInfo("Europe/Brussels"))
    assert len(warnings.days(starts, starts + hours * HOUR)) == days


@pytest.mark.parametrize(
    ("helices", "thin"), [([], False), ([""], False), (["a"], True), (["a", "a", ""], True), (["a", "b"], False)]
)
def test_one_side_of_the_helix_alone_is_thin(helices: list[str], thin: bool) -> None:
    assert warnings.is_thin(helices) == thin


def voices(*helices: str, answer: str = "yes", country: str = "BE") -> list[Voice]:
    return [Voice(answer, helix, country) for helix in helices]


def test_coverage_counts_who_could_come() -> None:
    said = [*voices("a", "b"), *voices("c", answer="if_needed", country="LT"), *voices("d", answer="no", country="MT")]
    assert of_date(7, said) == Coverage(7, 2, 1, 1, frozenset("abc"), frozenset({"BE", "LT"}))


@pytest.mark.parametrize(
    ("first", "second", "ahead", "by"),
    [
        (voices("a", "a", "a"), voices("a", "b"), 2, "helices"),
        (voices("a", "a"), voices("a", country="LT") + voices("a"), 2, "countries"),
        (voices("a", "a"), voices("a"), 1, "people"),
        (voices("a", answer="if_needed"), voices("a"), 2, "yes"),
        (voices("a"), voices("b"), 1, ""),
    ],
)
def test_the_best_date_is_ahead_by_the_first_thing_that_differs(
    first: list[Voice], second: list[Voice], ahead: int, by: str
) -> None:
    found = best([of_date(1, first), of_date(2, second)])
    assert isinstance(found, Best)
    assert (found.coverage.key, found.ahead_by) == (ahead, by)


def test_nothing_is_best_while_nobody_could_come() -> None:
    assert [best([]), best([of_date(1, voices("a", answer="no"))])] == [None, None]


# -- of a meeting ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_member_of_two_groups_that_meet_at_once_is_named(plan: Plan, anna: User) -> None:
    first, others = plan(), group(name="The others")
    assert cautions.of_time(first) == []
    member(others, person=anna)
    times = [(STARTS + HOUR, True), (STARTS + 3 * HOUR, False)]
    for starts_at, clashes in times:
        other = actions.schedule(
            group=others, by=None, title="Rival", starts_at=starts_at, ends_at=starts_at + HOUR, now=PLANNED
        )
        expected = ["At the same time: “Rival” (The others). 1 member belongs to both: Anna Példa."] if clashes else []
        assert cautions.of_time(first) == expected
        actions.cancel(meeting=other, by=None, reason="No.", now=PLANNED)
        assert cautions.of_time(first) == []


@pytest.mark.django_db
def test_many_names_are_counted(plan: Plan, club: WorkingGroup) -> None:
    first, others = plan(), group(name="The others")
    for n in range(7):
        member(others, person=member(club, display_name=f"Member {n}"))
    actions.schedule(group=others, by=None, title="Rival", starts_at=STARTS, ends_at=STARTS + HOUR, now=PLANNED)
    [caution] = cautions.of_time(first)
    assert caution.endswith("Member 0, Member 1, Member 2, Member 3, Member 4 and 2 more.")


@pytest.mark.django_db
def test_a_holiday_of_many_countries_is_one_sentence(plan: Plan, club: WorkingGroup) -> None:
    for code, name, people in (("BE", "Belgium", 1), ("FR", "France", 2)):
        country = region(code, name=name)
        for _ in range(people):
            member(club, region=country)
    christmas = dt.datetime(2099, 12, 25, 9, tzinfo=dt.UTC)
    meeting = plan(starts_at=christmas, ends_at=christmas + HOUR, now=PLANNED)
    assert cautions.of_time(meeting) == [
        "25 December is a public holiday in France, Belgium (Christmas Day), where 3 members live."
    ]


@pytest.mark.django_db
def test_the_page_warns_planners_of_holidays_and_a_thin_helix_and_nobody_else(
    plan: Plan, club: WorkingGroup, chair: User, anna: User, signed_in: Callable[[Any], Client]
) -> None:
    lithuania = region("LT", name="Lithuania")
    day = dt.datetime(2099, 7, 6, 8, tzinfo=dt.UTC)
    ruta = member(club, helix="business", region=lithuania)
    meeting = plan(starts_at=day, ends_at=day + HOUR, now=PLANNED)
    actions.reply(meeting=meeting, by=ruta, reply="maybe", now=PLANNED)
    planner, reader = (signed_in(who).get(meeting.get_absolute_url()).content.decode() for who in (chair, anna))
    holiday = "6 July is a public holiday in Lithuania (Statehood Day), where 1 member lives."
    thin = "So far only one side of the helix is coming: Business."
    assert [words in page for page in (planner, reader) for words in (holiday, thin)] == [True, True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"mode": "online", "place": ""}, ["People join online, and there is no join link yet"]),
        ({"mode": "hybrid"}, ["People join online, and there is no join link yet"]),
        (
            {"mode": "online", "place": "Porto", "join_url": "https://example.org/j"},
            ["told of its place: Porto"],
        ),
        ({"mode": "online", "place": "Online", "join_url": "https://example.org/j"}, []),
        ({"mode": "in_person"}, []),
    ],
)
def test_planners_read_what_an_online_meeting_lacks(values: dict[str, Any], said: list[str]) -> None:
    online = meeting(group(), **values)
    told = cautions.of_meeting(online, [])
    assert [words in text for words, text in zip(said, told, strict=True)] == [True] * len(said)
