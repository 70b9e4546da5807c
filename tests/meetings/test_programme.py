"""The agenda: arranged by rows, pasted, with what hangs on its items; and run live in the room."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetings import actions, pasted
from meetings.actions import AgendaLine
from meetings.actions import agenda as verbs
from meetings.actions import minutes as minuting
from meetings.actions.agenda import Item
from meetings.actions.materials import Content, add_material
from meetings.errors import WrongState
from meetings.models import AgendaItem, Meeting
from meetings.pasted import Pasted
from people.models import User
from tests.factories import challenge, member
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
NOW = dt.datetime(2026, 6, 15, 8, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def meeting(plan: Callable[..., Meeting]) -> Meeting:
    return plan(agenda=[AgendaLine("Welcome", 10), AgendaLine("Tour", 30), AgendaLine("Ranking", 45)])


def address(name: str, meeting: Meeting) -> str:
    return reverse(f"meetings:{name}", args=[meeting.slug])


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.agenda.order_by("position").values_list("title", flat=True))


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("10' Welcome (Anna Beispiel)", [Pasted("Welcome", 10, "Anna Beispiel")]),
        ("15 | Welcome\n\n- Tour of the table", [Pasted("Welcome", 15), Pasted("Tour of the table")]),
        ("1. Welcome – 10 min\n2) Tour (20’)", [Pasted("Welcome", 10), Pasted("Tour", 20)]),
        ("10:00-10:15 Welcome\n10.15–11.00: Tour", [Pasted("Welcome", 15), Pasted("Tour", 45)]),
        ("9:00 Welcome\n9:20 Tour", [Pasted("Welcome", 20), Pasted("Tour")]),
        ("5 minutes Any other business", [Pasted("Any other business", 5)]),
        ("3 regions speak (NUTS 2)", [Pasted("3 regions speak", None, "NUTS 2")]),
        ("10'", []),
    ],
)
def test_a_pasted_line_is_read_as_people_write_it(text: str, items: list[Pasted]) -> None:
    assert pasted.parse(text) == items


def test_rows_are_put_in_order_and_one_added_meanwhile_stays(meeting: Meeting, anna: User) -> None:
    welcome, tour, ranking = meeting.agenda.order_by("position")
    rows = [
        Item("Ranking", ranking.pk, 60, anna.pk, "A guest", "Look at the draft."),
        Item("Hello", welcome.pk, 5),
        Item("New"),
        Item("", tour.pk, remove=True),
    ]
    actions.set_agenda(meeting=meeting, by=None, lines=[AgendaLine(t) for t in (*titles(meeting), "Added meanwhile")])
    verbs.arrange(meeting=meeting, by=None, items=rows)
    assert titles(meeting) == ["Ranking", "Hello", "New", "Added meanwhile"]
    ranking.refresh_from_db()
    assert (ranking.position, ranking.minutes, ranking.lead, ranking.speaker) == (1, 60, anna, "A guest")


def test_an_agenda_has_at_most_sixty_items(meeting: Meeting) -> None:
    with pytest.raises(WrongState, match="at most 60"):
        verbs.arrange(meeting=meeting, by=None, items=[Item(f"Item {n}") for n in range(58)])
    assert len(titles(meeting)) == 3


def form_of(meeting: Meeting, *changes: dict[str, Any]) -> dict[str, Any]:
    """The rows as a browser sends them, with the changes for the first ones."""
    items = list(meeting.agenda.order_by("position"))
    sent: dict[str, Any] = {"items-TOTAL_FORMS": len(items) + 2, "items-INITIAL_FORMS": len(items)}
    for n in range(len(items) + 2):
        row = {"row": items[n].pk, "title": items[n].title, "position": n + 1} if n < len(items) else {}
        row |= changes[n] if n < len(changes) else {}
        sent |= {f"items-{n}-{name}": value for name, value in row.items()}
    return sent


def test_the_numbers_say_the_order_without_any_script(meeting: Meeting, signed_in: SignedIn, chair: User) -> None:
    sent = form_of(meeting, {"position": 9}, {}, {"position": 1}, {"title": "Coffee", "position": 2, "minutes": 15})
    assert signed_in(chair).post(address("agenda_edit", meeting), sent).status_code == 302
    assert titles(meeting) == ["Ranking", "Tour", "Coffee", "Welcome"]


def test_what_is_wrong_with_a_row_is_told_there(meeting: Meeting, signed_in: SignedIn, chair: User) -> None:
    sent = form_of(meeting, {"title": ""}, {"minutes": 0})
    page = signed_in(chair).post(address("agenda_edit", meeting), sent).content.decode()
    assert "An item needs a title." in page
    assert "greater than or equal to 1" in page
    assert titles(meeting) == ["Welcome", "Tour", "Ranking"]


def test_a_pasted_list_goes_below_the_others(meeting: Meeting, signed_in: SignedIn, chair: User) -> None:
    client = signed_in(chair)
    sent = {"do": "paste", "pasted": "10' Coffee\n20' Outlook (Dr Guest)"}
    assert client.post(address("agenda_edit", meeting), sent).status_code == 302
    assert titles(meeting) == ["Welcome", "Tour", "Ranking", "Coffee", "Outlook"]
    assert AgendaItem.objects.get(title="Outlook").speaker == "Dr Guest"
    assert (
        "Paste between 1 and 60"
        in client.post(address("agenda_edit", meeting), {"do": "paste", "pasted": "10'"}).content.decode()
    )


def test_an_item_shows_its_challenge_and_where_it_came_up_before(
    plan: Callable[..., Meeting], club: WorkingGroup, meeting: Meeting
) -> None:
    capacity = challenge(club, title="Capacity")
    hidden = challenge(club, title="Only proposed", status="proposed")
    before = plan(
        title="Eighth meeting",
        starts_at=NOW - 90 * dt.timedelta(days=1),
        ends_at=NOW - 89 * dt.timedelta(days=1),
        now=NOW - 100 * dt.timedelta(days=1),
        agenda=[AgendaLine("First look")],
    )
    for each in (capacity, hidden):
        each.agenda_items.add(before.agenda.get(), meeting.agenda.get(title="Tour"))
    page = Client().get(address("agenda", meeting)).content.decode()
    assert "Capacity" in page
    assert "Only proposed" not in page
    assert f'<a href="{before.get_absolute_url()}">Eighth meeting</a> (First look)' in page


def test_open_points_of_last_time_are_shown_to_the_group_and_put_on_with_one_click(
    plan: Callable[..., Meeting], meeting: Meeting, signed_in: SignedIn, chair: User, anna: User
) -> None:
    actions.mark_held(now=NOW + dt.timedelta(days=1))
    wording = minuting.Wording("Text.", actions=[minuting.ActionLine("Ask the regions", anna.pk)])
    minuting.write_minutes(meeting=meeting, by=chair, wording=wording, edit=0)
    later = NOW + dt.timedelta(days=30)
    following = plan(title="Tenth", starts_at=later, ends_at=later + 60 * MINUTE, now=NOW)
    for name in ("detail", "agenda"):
        assert "Ask the regions" in signed_in(anna).get(address(name, following)).content.decode()
        assert "Ask the regions" not in Client().get(address(name, following)).content.decode()
    assert signed_in(anna).post(address("agenda_carry", following)).status_code == 403
    assert signed_in(chair).post(address("agenda_carry", following)).status_code == 302
    assert titles(following) == ["From last time: open action points"]


# -- live ------------------------------------------------------------------------------------------------------------
def test_one_item_is_on_at_a_time(meeting: Meeting) -> None:
    welcome, tour, _ranking = meeting.agenda.order_by("position")
    verbs.begin_item(item=welcome, by=None, now=NOW)
    verbs.begin_item(item=tour, by=None, now=NOW + 12 * MINUTE)
    verbs.end_item(item=tour, by=None, now=NOW + 40 * MINUTE)
    times = meeting.agenda.order_by("position").values_list("began_at", "ended_at")
    assert list(times) == [(NOW, NOW + 12 * MINUTE), (NOW + 12 * MINUTE, NOW + 40 * MINUTE), (None, None)]
    with pytest.raises(WrongState, match="No item is on"):
        verbs.end_item(item=tour, by=None)
    again = verbs.begin_item(item=tour, by=None, now=NOW + 50 * MINUTE)
    assert (again.began_at, again.ended_at) == (NOW + 12 * MINUTE, None)


def test_an_item_that_somebody_took_off_meanwhile_is_not_begun(meeting: Meeting) -> None:
    item = meeting.agenda.order_by("position")[0]
    AgendaItem.objects.filter(pk=item.pk).delete()
    with pytest.raises(WrongState, match="taken this item off"):
        verbs.begin_item(item=item, by=None, now=NOW)


def test_the_agenda_of_a_cancelled_meeting_is_not_run(meeting: Meeting) -> None:
    actions.cancel(meeting=meeting, by=None, reason="Strike.")
    with pytest.raises(WrongState):
        verbs.begin_item(item=meeting.agenda.order_by("position")[0], by=None)


def test_the_room_sees_what_is_on_how_long_it_has_and_what_comes(
    meeting: Meeting, signed_in: SignedIn, chair: User, anna: User
) -> None:
    welcome, tour, _ranking = meeting.agenda.order_by("position")
    leader, room = signed_in(chair), signed_in(anna)
    assert leader.post(address("live_run", meeting), {"begin": welcome.pk}).status_code == 302
    page = room.get(address("live", meeting)).content.decode()
    assert "<h1>Welcome</h1>" in page
    assert "10 min</time>" in page
    assert "Next: Tour" in page
    AgendaItem.objects.filter(pk=welcome.pk).update(began_at=timezone.now() - 13 * MINUTE)
    assert "3 minutes over" in room.get(address("live", meeting)).content.decode()
    leader.post(address("live_run", meeting), {"end": welcome.pk})
    leader.post(address("live_run", meeting), {"begin": tour.pk})
    assert "<h1>Tour</h1>" in room.get(address("live", meeting)).content.decode()
    assert room.post(address("live_run", meeting), {"end": tour.pk}).status_code == 403
    assert leader.post(address("live_run", meeting), {"begin": "x"}).status_code == 404


@pytest.mark.parametrize(("reader", "most"), [("anonymous", 4), ("member", 12)])
def test_a_full_meeting_stays_in_its_budget(
    plan: Callable[..., Meeting],
    signed_in: SignedIn,
    anna: User,
    reader: str,
    most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(59):
        member(anna.memberships.get().group)
    full = plan(agenda=[AgendaLine(f"Item {n}", 2) for n in range(60)])
    capacity = challenge(full.group, title="Capacity")
    capacity.agenda_items.set(full.agenda.all())
    for item in full.agenda.order_by("position")[:10]:
        link = Content(url="https://example.org/film")
        add_material(meeting=full, by=None, content=link, title="Film", access="public", agenda_item=item)
    client = Client() if reader == "anonymous" else signed_in(anna)
    client.get(full.get_absolute_url())
    with django_assert_max_num_queries(most):
        assert client.get(full.get_absolute_url()).status_code == 200
