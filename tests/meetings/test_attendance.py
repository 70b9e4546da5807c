"""Who came: written down once the meeting was held, counted by helix and country, and as files without formulas."""

import csv
import datetime as dt
from collections.abc import Callable
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from meetings import actions
from meetings.models import Meeting
from people.models import User
from tests.factories import member, region, user
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
SignedIn = Callable[[Any], Client]
DAY = dt.timedelta(days=1)


@pytest.fixture
def held(club: WorkingGroup, plan: Plan) -> Callable[..., Meeting]:
    """Hold a meeting: one said yes, one no with a substitute, one no, one nothing."""

    def over() -> Meeting:
        region("BE", name="Belgium")
        region("PL", name="Poland")
        people = [member(club, display_name=name) for name in ("A", "B", "C", "D")]
        User.objects.filter(display_name="A").update(region=region("BE1", level=1, parent=region("BE", version="2021")))
        meeting = plan()
        for person, reply, substitute in zip(people, ("yes", "no", "no"), ("", "Béla", ""), strict=False):
            actions.reply(meeting=meeting, by=person, reply=reply, substitute=substitute, now=PLANNED)
        actions.mark_held(now=STARTS + DAY)
        return Meeting.objects.get()

    return over


def rapporteur(club: WorkingGroup) -> User:
    return member(club, role="rapporteur", display_name="Z")


def address(meeting: Meeting, name: str = "attendance") -> str:
    return reverse(f"meetings:{name}", args=[meeting.slug])


def came(meeting: Meeting) -> list[tuple[Any, ...]]:
    rows = meeting.attendees.order_by("user__display_name")
    return list(rows.values_list("user__display_name", "attended", "substitute"))


def test_the_form_proposes_what_people_replied_and_the_rapporteur_corrects_it(
    held: Callable[..., Meeting], club: WorkingGroup, signed_in: SignedIn
) -> None:
    writer, meeting = rapporteur(club), held()
    client = signed_in(writer)
    form = client.get(address(meeting)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert [sent[f"came-{row.user_id}"] for row in form.attendees] == ["yes", "substitute", "no", "", ""]
    c, z = User.objects.get(display_name="C"), writer
    answer = client.post(address(meeting), sent | {f"came-{c.pk}": "yes", f"came-{z.pk}": "no"})
    assert answer["Location"] == meeting.get_absolute_url()
    assert came(meeting) == [("A", True, ""), ("B", True, "Béla"), ("C", True, ""), ("D", None, ""), ("Z", False, "")]
    again = client.get(address(meeting)).context
    values = [again["form"][f"came-{row.user_id}"].value() for row in again["form"].attendees]
    assert (again["is_new"], values) == (False, ["yes", "substitute", "yes", "", "no"])


def test_a_substitute_needs_a_name_and_nothing_is_written(
    held: Callable[..., Meeting], chair: User, signed_in: SignedIn
) -> None:
    meeting = held()
    person = User.objects.get(display_name="D")
    answer = signed_in(chair).post(address(meeting), {f"came-{person.pk}": "substitute"})
    assert list(answer.context["form"].errors) == [f"substitute-{person.pk}"]
    assert {attended for _name, attended, _substitute in came(meeting)} == {None}


@pytest.mark.parametrize("name", ["attendance", "replies_csv", "replies_xlsx"])
def test_attendance_is_for_those_who_write(
    held: Callable[..., Meeting], anna: User, signed_in: SignedIn, name: str
) -> None:
    meeting = held()
    statuses = [signed_in(person).get(address(meeting, name)).status_code for person in (anna, user())]
    assert (statuses, Client().get(address(meeting, name)).status_code) == ([403, 404], 302)


def test_of_two_who_write_down_who_came_the_second_sees_both_versions(
    held: Callable[..., Meeting], chair: User, anna: User, signed_in: SignedIn
) -> None:
    meeting = held()
    row = meeting.attendees.select_related("user").order_by("pk")[0]
    came, client = f"came-{row.user_id}", signed_in(chair)
    form = client.get(address(meeting)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    line = actions.Attendance(row.user, attended=True, substitute="Cécile")
    actions.record_attendance(meeting=meeting, by=anna, lines=[line])
    answer = client.post(address(meeting), sent | {came: "no"})
    changes = {each.label: (each.before, each.now) for each in answer.context["changes"]}
    assert changes[f"{row.user}: substitute"][1] == "Cécile"
    assert (changes[str(row.user)][1], str(answer.context["changed_by"])) == ("a substitute", str(anna))
    assert answer.context["form"][came].value() == "no"
    row.refresh_from_db()
    assert (row.attended, row.substitute) == (True, "Cécile")


def test_before_the_end_nobody_writes_down_who_came(plan: Plan, chair: User, signed_in: SignedIn) -> None:
    answer = signed_in(chair).get(address(plan()))
    assert (answer.status_code, "once the meeting was held" in answer.content.decode()) == (403, True)


def test_a_meeting_recorded_afterwards_lists_todays_members(
    club: WorkingGroup, anna: User, chair: User, signed_in: SignedIn
) -> None:
    meeting = actions.record_past(group=club, by=None, title="Old", approx_date="2023-11")
    client = signed_in(chair)
    assert client.get(address(meeting)).status_code == 200
    client.post(address(meeting), {f"came-{anna.pk}": "yes"})
    assert came(meeting) == [("Anna Példa", True, ""), ("The chair", None, "")]


def test_the_balance_names_helices_and_countries_that_are_missing(
    held: Callable[..., Meeting], chair: User, signed_in: SignedIn
) -> None:
    context = signed_in(chair).get(address(held())).context
    assert context["composition"].countries == (("Belgium", 1),)
    assert (context["composition"].total, context["absent_countries"]) == (2, [])
    assert context["composition"].missing == ["business", "academia", "civil_society"]


def test_writing_attendance_takes_as_many_queries_for_five_as_for_one(
    held: Callable[..., Meeting], django_assert_num_queries: Any
) -> None:
    meeting = held()
    people = [row.user for row in meeting.attendees.select_related("user").order_by("pk")]
    for some in (people[:1], people):
        lines = [actions.Attendance(person, attended=True) for person in some]
        with django_assert_num_queries(8):
            assert actions.record_attendance(meeting=meeting, by=None, lines=lines) == len(some)


NASTY = ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(1)", 'Ünïcode; "quoted", Łódź']


@pytest.mark.parametrize("nasty", NASTY)
def test_the_files_hold_text_and_no_formula(plan: Plan, club: WorkingGroup, chair: User, nasty: str) -> None:
    person = member(club, display_name=nasty)
    meeting = plan()
    actions.reply(meeting=meeting, by=person, reply="no", substitute=nasty, now=PLANNED)
    client = Client()
    client.force_login(chair)
    rows = list(csv.reader(StringIO(client.get(address(meeting, "replies_csv")).content.decode())))
    (line,) = [row for row in rows if row[1] == person.email]
    defused = nasty if nasty.startswith("Ü") else f"'{nasty}"
    assert (line[0], line[6], line[8]) == (defused, "No", defused)
    sheet: Any = load_workbook(BytesIO(client.get(address(meeting, "replies_xlsx")).content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == nasty]
    assert [cell.data_type for cell in cells] == ["s", "s"]


def test_a_control_character_in_a_name_breaks_no_file(plan: Plan, club: WorkingGroup, chair: User) -> None:
    member(club, display_name="Bell\x07")
    client = Client()
    client.force_login(chair)
    assert client.get(address(plan(), "replies_xlsx")).status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_takes_as_many_queries_for_three_people_as_for_one(
    plan: Plan, club: WorkingGroup, chair: User, people: int, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    for _ in range(people):
        member(club)
    meeting = plan()
    actions.mark_held(now=STARTS + DAY)
    client = signed_in(chair)
    with django_assert_num_queries(7):
        assert client.get(address(meeting)).status_code == 200
