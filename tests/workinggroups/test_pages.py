"""The public pages of groups: everybody is counted, only who agreed is named."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.text import slugify
from pytest_django import DjangoAssertNumQueries

from challenges.models import Challenge, Focus, FocusEntry, RankingRound
from history.models import Entry
from meetings.models import Meeting
from outcomes.models import Edition, Publication
from people.models import Helix, User
from tests import factories
from tests.sent import untouched
from workinggroups import actions
from workinggroups.models import Criterion, Membership, WorkingGroup
from workinggroups.overview import with_numbers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
Role = Membership.Role


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_reading_sets_no_cookie_and_asks_for_none(client: Client) -> None:
    group = factories.group()
    factories.member(group)
    for address in ("/groups/", group.get_absolute_url()):
        response = client.get(address)
        assert response.status_code == 200
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()
        assert response["Cache-Control"] == "public, no-cache"


def test_the_page_says_what_the_group_is_for(client: Client) -> None:
    criterion = Criterion.objects.create(
        number=7, title="Measures for cooperation", period="2021-2027", legal_base="Regulation (EU) 2021/1060, Annex IV"
    )
    group = factories.group(
        criterion=criterion,
        aliases=["Other Name"],
        aims=["First aim", "Second aim"],
        kicked_off="2023-06",
        mandate_from=dt.date(2023, 6, 1),
        mandate_until=dt.date(2026, 6, 1),
        mandate_note="A note.",
    )
    page = text(client, group.get_absolute_url())
    for part in ("7: Measures for cooperation", "Also called Other Name", "First aim", "Second aim", "June 2023"):
        assert part in page
    for part in ("A note.", "0 of 6 foreseen", "Regulation (EU) 2021/1060, Annex IV"):
        assert part in page


def test_only_who_agreed_is_named_and_the_others_are_counted(client: Client) -> None:
    group = factories.group()
    factories.member(group, display_name="Named Person", show_name_publicly=True)
    factories.member(group, display_name="Silent Person")
    factories.member(group, display_name="Silent Too")
    page = text(client, group.get_absolute_url())
    assert "Named Person" in page
    assert "Silent" not in page
    assert "2 more people take part and are not named." in page
    assert "<dt>members</dt><dd>3</dd>" in page


def test_withdrawn_consent_and_leaving_hold_at_once(client: Client) -> None:
    group = factories.group()
    leaver = factories.member(group, display_name="Leaver", show_name_publicly=True)
    doubter = factories.member(group, display_name="Doubter", show_name_publicly=True)
    membership = Membership.objects.get(user=leaver)
    actions.end_membership(membership=membership, by=factories.secretariat())
    User.objects.filter(pk=doubter.pk).update(show_name_publicly=False)
    page = text(client, group.get_absolute_url())
    assert "Leaver" not in page
    assert "Doubter" not in page
    assert "1 person takes part and is not named." in page


def test_the_balance_names_its_gaps(client: Client) -> None:
    group = factories.group()
    for _ in range(8):
        factories.member(group, helix=Helix.GOVERNMENT)
    factories.member(group, helix=Helix.ACADEMIA)
    factories.member(group, helix=Helix.BUSINESS, role=Role.OBSERVER)
    page = text(client, group.get_absolute_url())
    assert page.count("nobody speaks for this helix yet.") == 2
    assert "1 member, less than half of an even share." in page
    assert "<dt>members</dt><dd>9</dd>" in page


def test_countries_have_their_names(client: Client) -> None:
    group = factories.group()
    portugal = factories.region("PT", name="Portugal")
    first = factories.region("PT1", level=1, parent=portugal)
    norte = factories.region("PT11", level=2, parent=first, name="Norte")
    factories.member(group, region=norte, show_name_publicly=True)
    page = text(client, group.get_absolute_url())
    assert "1 country" in page
    assert "Norte, Portugal" in page


def test_meetings_come_as_aim_and_fact(client: Client) -> None:
    group = factories.group(target_meetings_per_year=2)
    factories.meeting(group, title="Next one")
    factories.meeting(group, title="Not announced", state=Meeting.State.DRAFT, announced_at=None)
    factories.meeting(group, title="Called off", state=Meeting.State.CANCELLED, reason="storm")
    past: dict[str, Any] = {"starts_at": None, "ends_at": None, "approx_date": "2023-11", "state": Meeting.State.HELD}
    factories.meeting(group, title="Autumn one", **past)
    factories.meeting(group, title="Just over", starts_in=dt.timedelta(hours=-3))
    page = text(client, group.get_absolute_url())
    assert "2 a year" in page
    assert "<dt>meetings held</dt><dd>2</dd>" in page
    assert "2023: 1" in page
    assert "Next one" in page
    assert "Just over" in page
    assert "Not announced" not in page
    assert "Called off" not in page


def focused(group: WorkingGroup, *ranks: int, day: int = 1) -> list[Challenge]:
    """Decide a focus with one new challenge at each rank."""
    at = dt.datetime(2024, 1, day, tzinfo=dt.UTC)
    closed = RankingRound.objects.create(group=group, title="R", question="Q?")
    focus = Focus.objects.create(round=closed, reason="Because.", decided_by=factories.secretariat(), decided_at=at)
    challenges = [factories.challenge(group) for _ in ranks]
    for rank, challenge in zip(ranks, challenges, strict=True):
        FocusEntry.objects.create(focus=focus, rank=rank, challenge=challenge)
    return challenges


def test_the_latest_focus_is_shown_with_joint_ranks(client: Client) -> None:
    group = factories.group()
    (old,) = focused(group, 1, day=1)
    first, second, third = focused(group, 1, 2, 2, day=2)
    page = text(client, group.get_absolute_url())
    assert old.title not in page
    assert page.index(first.title) < page.index("rank 1<") < page.index(second.title) < page.index(third.title)
    assert page.count("rank 2=") == 2


def outcome(group: WorkingGroup, title: str, **values: object) -> Publication:
    """Put an edition with this title on the shelf."""
    at = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
    publication = Publication.objects.create(slug=slugify(title), kind=Publication.Kind.REPORT)
    publication.groups.add(group)
    office = factories.secretariat()
    read = {"submitted_at": at, "submitted_by": office, "approved_at": at, "approved_by": office}
    defaults = {"state": Edition.State.PUBLISHED, "abstract": "A.", "built_at": at, "published_at": at, **read}
    Edition.objects.create(publication=publication, version=1, title=title, **(defaults | values))
    return publication


def test_published_outcomes_are_linked_and_drafts_are_not(client: Client) -> None:
    group = factories.group()
    shown = outcome(group, "Lessons learnt", language="de")
    outcome(group, "Not yet", state=Edition.State.READY, published_at=None)
    page = text(client, group.get_absolute_url())
    assert f'<a href="{shown.get_absolute_url()}" lang="de">Lessons learnt</a>' in page
    assert "Not yet" not in page


def test_the_history_tells_deeds_and_no_names(client: Client) -> None:
    group, by = factories.group(), factories.secretariat(display_name="Some Secretary")
    actions.describe(group=group, description=actions.Description("New words.", [], 2, ""), by=by)
    joined = dt.date(2024, 1, 1)
    for _ in range(3):
        person = factories.user(display_name="Quiet One")
        actions.add_member(group=group, user=person, role=Role.MEMBER, started_on=joined, by=by)
    page = text(client, group.get_absolute_url())
    assert "The description was changed" in page
    assert page.count("3 people joined") == 1
    assert "Quiet One" not in page
    assert "Some Secretary" not in page


def test_another_name_leads_to_the_page_for_good(client: Client) -> None:
    group = factories.group(slug="interregional-collaboration", aliases=["Interregional Cooperation"])
    response = client.get("/groups/interregional-cooperation/")
    assert (response.status_code, response["Location"]) == (301, group.get_absolute_url())
    assert client.get("/groups/nothing-of-the-kind/").status_code == 404


def test_markup_in_texts_is_shown_as_it_is(client: Client) -> None:
    group = factories.group(name="<script>alert(1)</script>", aims=["<b onclick=x>"], summary="=1+1")
    page = text(client, group.get_absolute_url())
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def fill(group: WorkingGroup, count: int) -> None:
    """Give the group so many of everything its page shows."""
    by = factories.secretariat()
    for number in range(count):
        country = factories.region(f"X{number}")
        factories.member(group, show_name_publicly=True, region=country, organisation=factories.organisation())
        factories.meeting(group)
        outcome(group, f"Outcome {number}")
        actions.describe(group=group, description=actions.Description(f"{number}", [], 2, ""), by=by)
    focused(group, *range(1, count + 1))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_five_queries_however_much_there_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    group = factories.group()
    fill(group, count)
    with django_assert_num_queries(5):
        client.get(group.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_two_queries_however_many_groups(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    country = factories.region()
    for _ in range(count):
        factories.member(factories.group(), region=country)
    with django_assert_num_queries(2):
        client.get("/groups/")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("who", ["member", "leader", "secretariat"])
def test_the_page_stays_below_twelve_queries_for_those_who_act_on_it(
    signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries, who: str, count: int
) -> None:
    group = factories.group()
    fill(group, count)
    person = factories.secretariat() if who == "secretariat" else factories.member(group, role=who)
    client = signed_in(person)
    with django_assert_max_num_queries(12):
        client.get(group.get_absolute_url())


def test_the_list_shows_each_group_with_its_figures(client: Client) -> None:
    assert "No working group yet" in text(client, "/groups/")
    group = factories.group(name="Group A", kicked_off="2023-06")
    factories.group(name="Group B", status=WorkingGroup.Status.CLOSED)
    factories.member(group)
    page = text(client, "/groups/")
    assert page.index("Group A") < page.index("Group B")
    assert "since June 2023" in page
    assert "1 member<" in page


# -- editing
EDIT = {
    "name": "New name",
    "kind": "working_group",
    "status": "active",
    "summary": "New summary",
    "aims": "One\n\n Two ",
    "target_meetings_per_year": "3",
    "contact_email": "",
}


def test_the_secretariat_edits_the_texts_of_the_page(signed_in: SignedIn) -> None:
    group = factories.group(aims=["Old aim"])
    client = signed_in(factories.secretariat())
    address = f"{group.get_absolute_url()}edit/"
    assert "Old aim" in text(client, address)
    response = client.post(address, EDIT)
    assert (response.status_code, response["Location"]) == (302, group.get_absolute_url())
    group.refresh_from_db()
    assert (group.summary, group.aims, group.target_meetings_per_year) == ("New summary", ["One", "Two"], 3)


def test_the_second_of_two_editors_sees_what_the_first_changed(signed_in: SignedIn) -> None:
    group = factories.group(summary="Before", contact_email="a@example.org")
    address = f"{group.get_absolute_url()}edit/"
    first, second = (signed_in(factories.secretariat(display_name=name)) for name in ("Anne", "Bo"))
    as_shown = untouched(second, address)
    first.post(address, untouched(first, address) | {"summary": "By Anne"})
    answer = second.post(address, as_shown | {"aims": "By Bo"})
    assert "Anne changed this while you were writing." in answer.content.decode()
    assert [(change.label, change.before, change.now) for change in answer.context["changes"]] == [
        ("Summary", "Before", "By Anne")
    ]
    assert second.post(address, answer.context["form"].data.dict()).status_code == 302
    group.refresh_from_db()
    assert (group.summary, group.aims) == ("By Anne", ["By Bo"])


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("summary", "a\x00b", "Null characters are not allowed."),
        ("summary", "x" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
        ("aims", "y" * 251, "An aim may have 250 characters at most."),
        ("aims", "a\x00b", "Null characters are not allowed."),
        ("target_meetings_per_year", "-1", "Ensure this value is greater than or equal to 0."),
        ("target_meetings_per_year", "9" * 30, "Ensure this value is less than or equal to 52."),
        ("target_meetings_per_year", "", "Fill in “Meetings a year aimed at”"),
        ("contact_email", "nobody", "Enter a valid email address."),
    ],
)
def test_a_text_that_cannot_be_is_refused_beside_its_field(
    signed_in: SignedIn, field: str, value: str, error: str
) -> None:
    group = factories.group(summary="Before")
    response = signed_in(factories.secretariat()).post(f"{group.get_absolute_url()}edit/", EDIT | {field: value})
    assert response.status_code == 200
    assert error in response.content.decode()
    group.refresh_from_db()
    assert (group.summary, Entry.objects.count()) == ("Before", 0)


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("member", 403), ("leader", 403)])
def test_nobody_else_edits(signed_in: SignedIn, who: str, status: int) -> None:
    group = factories.group(summary="Before")
    client = signed_in(factories.user() if who == "outsider" else factories.member(group, role=who))
    address = f"{group.get_absolute_url()}edit/"
    assert [client.get(address).status_code, client.post(address, EDIT).status_code] == [status, status]
    group.refresh_from_db()
    assert group.summary == "Before"


def test_a_card_counts_members_and_countries_but_no_observers() -> None:
    full, empty = factories.group(name="Full"), factories.group(name="Idle")
    for code in ("EL30", "EL41", "BE"):
        factories.member(full, person=factories.user(region=factories.region(code)))
    factories.member(full, role=Role.OBSERVER, person=factories.user(region=factories.region("FR")))
    rows: Any = with_numbers()  # with annotations
    numbers = {group.name: (group.members, group.countries) for group in rows}
    assert numbers == {full.name: (3, 2), empty.name: (0, 0)}
