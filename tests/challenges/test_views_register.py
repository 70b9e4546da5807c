"""The register: public, in rank order, sorted by those who steer, proposed to by members."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Challenge
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
LIST = "/challenges/"


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def entries(page: str) -> list[tuple[str, str]]:
    """(place, title) of each cluster on the page; "–" without a place."""
    found = []
    for entry in page.split('<li class="entry">')[1:]:
        place = re.search(r'Rank </span>([^<]+)<|aria-hidden="true">(–)<', entry)
        title = re.search(r'<h3><a href="[^"]+">([^<]+)</a>', entry)
        assert place and title  # noqa: PT018 - tells the type checker
        found.append((place.group(1) or place.group(2), title.group(1)))
    return found


def test_clusters_stand_in_the_order_of_the_latest_round_that_ranked_clusters(group: WorkingGroup) -> None:
    a, b, c, d = (make.challenge(group, title=title) for title in "ABCD")
    sub = make.challenge(group, title="Sub", parent=a)
    make.published_round(group, *[[1, 2, 3]] * 12, options=[a, b, c])
    make.published_round(group, *[[3, 1, 1]] * 12, options=[c, b, d])
    make.published_round(group, *[[1, 2]] * 12, options=[sub, make.challenge(group, title="Sub 2", parent=a)])
    page = text(Client().get(LIST))
    assert entries(page) == [("1=", "B"), ("1=", "D"), ("3", "C"), ("–", "A")]
    assert "2 subdimensions" in page


def test_subdimensions_stand_in_the_order_of_the_latest_round_that_ranked_some(group: WorkingGroup) -> None:
    cluster = make.challenge(group, title="Cluster")
    one, two, three = (make.challenge(group, title=f"Part {name}", parent=cluster) for name in "ABC")
    elsewhere = make.challenge(group, title="Elsewhere", parent=make.challenge(group, title="Another"))
    make.published_round(group, *[[1, 2]] * 12, options=[one, two])
    latest = make.published_round(group, *[[2, 1]] * 12, options=[one, two])
    make.published_round(group, *[[1, 2]] * 12, options=[elsewhere, make.challenge(group)])
    listed = re.findall(r'">(Part .)</a>(?: <span class="small muted">([^<]+)</span>)?', text(Client().get(LIST)))
    assert listed == [("Part B", "Rank 1 of 2"), ("Part A", "Rank 2 of 2"), ("Part C", "")]
    page = text(Client().get(cluster.get_absolute_url()))
    cards = page.partition('id="subdimensions"')[2].partition("</ul>")[0]
    assert re.findall(r">(Part .)</a></h3>", cards) == ["Part B", "Part A", "Part C"]
    ranked = [f'href="{latest.get_absolute_url()}">Rank {place} of 2<' in cards for place in (1, 2)]
    assert (ranked, cards.count("Rank ")) == ([True, True], 2)
    assert "Rank " not in text(Client().get(three.get_absolute_url())).partition("<main")[2]


def test_an_unpublished_result_does_not_sort_the_register(group: WorkingGroup, signed_in: SignedIn) -> None:
    a, b = (make.challenge(group, title=title) for title in "AB")
    round_ = make.open_round(group, electors=12, options=[a, b])
    make.vote(round_, *[[2, 1]] * 12)
    actions.close_round(round=round_, by=None)
    for client in (Client(), signed_in(make.leader(group)), signed_in(make.secretariat())):
        assert entries(text(client.get(LIST))) == [("–", "A"), ("–", "B")]


def test_proposed_and_parked_challenges_are_for_the_group(group: WorkingGroup, signed_in: SignedIn) -> None:
    for status in ("proposed", "parked", "identified"):
        make.challenge(group, title=status, status=status)
    stranger = signed_in(make.member(make.group()))
    assert [title for _place, title in entries(text(Client().get(LIST)))] == ["identified"]
    assert [title for _place, title in entries(text(stranger.get(LIST)))] == ["identified"]
    for person in (make.member(group), make.secretariat()):
        titles = [title for _place, title in entries(text(signed_in(person).get(LIST)))]
        assert titles == ["proposed", "parked", "identified"]


def test_the_register_is_filtered_by_group_and_status() -> None:
    one, two = (make.group(slug=slug, name=slug) for slug in ("one", "two"))
    make.challenge(one, title="A")
    make.challenge(one, title="B", status="ranked")
    make.challenge(two, title="C")
    expected = {
        "": ["A", "B", "C"],
        "?group=one": ["A", "B"],
        "?group=one&group=two": ["A", "B", "C"],
        "?status=ranked": ["B"],
        "?status=ranked&group=two": [],
        "?group=nonsense": ["A", "B", "C"],
        "?status=nonsense": ["A", "B", "C"],
        "?group=%00": ["A", "B", "C"],
    }
    pages = {query: text(Client().get(LIST + query)) for query in expected}
    assert {query: [title for _place, title in entries(page)] for query, page in pages.items()} == expected


def test_an_empty_register_says_so_and_a_filter_that_finds_nothing_says_that() -> None:
    empty, filtered = (text(Client().get(f"{LIST}{query}")) for query in ("", "?status=ranked"))
    said = [
        (words in empty, words in filtered) for words in ("No challenge has been named yet", "Nothing matches these")
    ]
    assert said == [(True, False), (False, True)]


def test_who_fills_the_register_goes_on_to_the_next_challenge(group: WorkingGroup, signed_in: SignedIn) -> None:
    here = f"{reverse('challenges:new')}?group={group.slug}"
    client, values = signed_in(make.leader(group)), {"text": "", "nature": "problem", "origin": "member"}
    answer = client.post(here, values | {"title": "Capacity", "another": "yes"}, follow=True)
    assert answer.redirect_chain == [(here, 302)]
    assert "“Capacity” stands in the register." in text(answer)
    assert "Add, then another" not in text(signed_in(make.member(group)).get(here))


def test_who_sees_the_page_of_a_challenge(group: WorkingGroup, signed_in: SignedIn) -> None:
    people = [make.user(), make.member(group), make.leader(group), make.secretariat()]
    clients = [Client(), *map(signed_in, people)]
    expected = {
        "identified": [200] * 5,
        "proposed": [302, 404, 200, 200, 200],
        "parked": [302, 404, 200, 200, 200],
    }
    pages = {status: make.challenge(group, status=status).get_absolute_url() for status in expected}
    assert {name: [client.get(page).status_code for client in clients] for name, page in pages.items()} == expected


def test_a_merged_challenge_keeps_its_page_which_points_to_the_one_it_was_merged_into(group: WorkingGroup) -> None:
    first, second, third = (make.challenge(group) for _ in range(3))
    leader = make.leader(group)
    actions.merge_challenge(challenge=first, into=second, by=leader, reason="The same.")
    actions.merge_challenge(challenge=second, into=third, by=leader, reason="Nearly the same.")
    pages = [text(Client().get(one.get_absolute_url())) for one in (first, second, third)]
    followed = re.compile(r'followed further as: <a href="([^"]+)"')
    assert [followed.findall(page) for page in pages] == [[second.get_absolute_url()], [third.get_absolute_url()], []]
    assert [page.count("<p>The same.</p>") for page in pages] == [1, 1, 0]
    assert f'Merged into it: <a href="{second.get_absolute_url()}"' in pages[2]
    assert [title for _place, title in entries(text(Client().get(LIST)))] == [third.title]


def test_the_page_of_a_challenge_tells_its_life(group: WorkingGroup) -> None:
    round_ = make.published_round(group, *[[1, 2]] * 12)
    challenge = Challenge.objects.get(round_options__round=round_, round_options__position=1)
    make.challenge(group, parent=challenge, title="A part of it")
    actions.decide_focus(round=round_, entries=[(1, challenge)], reason="First by far.", by=make.leader(group))
    challenge.refresh_from_db()
    page = text(Client().get(challenge.get_absolute_url()))
    assert re.findall(r'<li(?: class="(\w*)")?(?: aria-current="step")?><b>([^<]+)</b>', page) == [
        ("", "Proposed"),
        ("", "Identified"),
        ("done", "Ranked"),
        ("now", "Taken into focus"),
        ("", "Addressed"),
        ("", "Closed"),
    ]
    assert re.findall(r"<h3>([^<]+)</h3>", page.partition('id="log"')[2]) == ["Taken into focus", "Ranked: rank 1"]
    assert "First by far." in page
    assert "A part of it" in page
    assert "Rank 1 of 2, tier 1" in page
    assert page.count(f'href="{round_.get_absolute_url()}"') == 3


def test_names_in_the_log_are_for_the_group_only(group: WorkingGroup, signed_in: SignedIn) -> None:
    leader = make.leader(group, display_name="Lena Leader")
    entry = actions.Entry(group=group, title="Named")
    challenge = actions.add_challenge(entry=entry, status="identified", by=leader)
    readers = [Client(), signed_in(make.user()), signed_in(make.member(group))]
    pages = [text(client.get(challenge.get_absolute_url())) for client in readers]
    assert ["Lena Leader" in page for page in pages] == [False, False, True]


# -- adding, editing, moving ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"), [("member", "proposed"), ("rapporteur", "proposed"), ("leader", "identified")]
)
def test_members_propose_and_leaders_add(role: str, status: str, group: WorkingGroup, signed_in: SignedIn) -> None:
    cluster = make.challenge(group)
    data = {
        "title": "Data that regions may share",
        "text": "Legal limits.",
        "nature": "problem",
        "parent": cluster.slug,
    }
    response = signed_in(make.member(group, role=role)).post("/challenges/new/", data | {"origin": "member"})
    added = Challenge.objects.get(title="Data that regions may share")
    assert response["Location"] == added.get_absolute_url() == "/challenges/data-that-regions-may-share/"
    assert (added.status, added.parent, added.nature, added.group) == (status, cluster, "problem", group)


def test_who_may_name_a_challenge(group: WorkingGroup, signed_in: SignedIn) -> None:
    address = f"/challenges/new/?group={group.slug}"
    strangers = [make.user(), make.member(make.group())]
    people = [*strangers, make.member(group, role="observer"), make.member(group), make.secretariat()]
    statuses = [client.get(address).status_code for client in (Client(), *map(signed_in, people))]
    assert statuses == [302, 404, 404, 403, 200, 200]


def test_with_several_groups_one_is_chosen_first(group: WorkingGroup, signed_in: SignedIn) -> None:
    person = make.member(group)
    make.member(make.group(name="Second group"), person=person)
    page = text(signed_in(person).get("/challenges/new/"))
    assert f"?group={group.slug}" in page
    assert "<form class=" not in page.partition("<main")[2]


FAULTY = [
    ("title", ""),
    ("title", "x" * 201),
    ("title", "a\x00b"),
    ("nature", "trouble"),
    ("parent", "elsewhere"),
    ("parent", "part"),
    ("position", "0"),
    ("position", "1e9"),
]


def test_faulty_entries_are_errors_beside_their_fields(group: WorkingGroup, signed_in: SignedIn) -> None:
    make.challenge(make.group(), slug="elsewhere")
    make.challenge(group, slug="part", parent=make.challenge(group))
    client = signed_in(make.leader(group))
    right = {"title": "Good", "text": "Kept", "nature": "need", "parent": "", "origin": "member", "position": ""}
    for field, value in FAULTY:
        response = client.post("/challenges/new/", right | {field: value})
        form = response.context["form"]
        found = response.status_code, list(form.errors), form["text"].value()
        assert found == (200, [field], "Kept"), (field, value)
        assert not Challenge.objects.filter(text="Kept").exists()


def test_leaders_edit_and_the_earlier_wording_stays_readable(group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group, title="Before", text="Old text")
    client = signed_in(make.leader(group))
    address = reverse("challenges:edit", args=[challenge.slug])
    assert 'value="Before"' in text(client.get(address))
    data = {
        "title": "After",
        "text": "Old text",
        "nature": "challenge",
        "origin": "member",
        "parent": "",
        "position": "7",
    }
    assert client.post(address, data)["Location"] == challenge.get_absolute_url()
    challenge.refresh_from_db()
    assert (challenge.title, challenge.position) == ("After", 7)
    assert "Title, before: “Before”" in text(Client().get(challenge.get_absolute_url()))


def test_a_cluster_with_subdimensions_cannot_become_one(group: WorkingGroup, signed_in: SignedIn) -> None:
    cluster, other = make.challenge(group), make.challenge(group)
    make.challenge(group, parent=cluster)
    data = {"title": "X", "text": "", "nature": "need", "origin": "member", "parent": other.slug, "position": ""}
    response = signed_in(make.leader(group)).post(reverse("challenges:edit", args=[cluster.slug]), data)
    assert list(response.context["form"].errors) == ["parent"]


def test_leaders_move_challenges_along_with_a_reason_where_one_is_due(group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group, status="proposed")
    client = signed_in(make.leader(group))
    accept, park = (reverse("challenges:move", args=[challenge.slug, to]) for to in ("identified", "parked"))
    assert f'href="{accept}"' in text(client.get(challenge.get_absolute_url()))
    assert client.get(accept).status_code == 200
    client.post(accept, {"reason": ""})
    assert Challenge.objects.get().status == "identified"
    assert list(client.post(park, {"reason": " "}).context["form"].errors) == ["reason"]
    client.post(park, {"reason": "Outside the remit."})
    assert Challenge.objects.get().status == "parked"


@pytest.mark.parametrize("to", ["ranked", "in_focus", "merged", "closed", "nonsense"])
def test_steps_that_are_not_taken_by_hand_change_nothing(to: str, group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group)
    address = reverse("challenges:move", args=[challenge.slug, to])
    response = signed_in(make.leader(group)).post(address, {"reason": "Because."})
    assert (response.status_code, Challenge.objects.get().status) == (302, "identified")


@pytest.mark.parametrize("name", ["edit", "move"])
def test_the_register_is_sorted_by_those_who_steer(name: str, group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge = make.challenge(group)
    address = reverse(f"challenges:{name}", args=[challenge.slug, *(["parked"] if name == "move" else [])])
    people = [make.user(), make.leader(make.group()), make.member(group), make.leader(group), make.secretariat()]
    statuses = [client.get(address).status_code for client in (Client(), *map(signed_in, people))]
    assert statuses == [302, 404, 404, 403, 200, 200]


# -- budgets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3])
def test_the_register_takes_four_queries_for_any_number_of_rows(many: int, django_assert_num_queries: Any) -> None:
    for _ in range(many):
        group = make.group()
        round_ = make.published_round(group, *[list(range(1, many + 2))] * 5)
        for option in round_.options.select_related("challenge"):
            make.challenge(group, parent=option.challenge)
    with django_assert_num_queries(4):
        Client().get(LIST)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_a_challenge_takes_five_queries(
    many: int, group: WorkingGroup, django_assert_num_queries: Any
) -> None:
    challenge, other = make.challenge(group), make.challenge(group)
    for _ in range(many):
        make.challenge(group, parent=challenge)
        make.published_round(group, *[[1, 2]] * 5, options=[challenge, other])
    Client().get(challenge.get_absolute_url())
    with django_assert_num_queries(5):
        Client().get(challenge.get_absolute_url())


def test_reading_the_register_sets_no_cookie(group: WorkingGroup) -> None:
    for address in (LIST, make.challenge(group).get_absolute_url()):
        response = Client().get(address)
        assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


def test_the_register_shows_what_a_group_has_in_focus_with_reason_and_meeting(group: WorkingGroup) -> None:
    round_, meeting = make.published_round(group, *[[1, 2, 3]] * 5), make.meeting(group)
    chosen = list(Challenge.objects.filter(round_options__round=round_).order_by("round_options__position"))
    actions.decide_focus(
        round=round_,
        entries=[(1, chosen[2]), (2, chosen[0]), (2, chosen[1])],
        reason="Capacity first; the other two belong together.",
        taken_in=meeting,
        by=make.leader(group),
    )
    page = Client().get(reverse("challenges:list")).content.decode()
    panel = page.partition("In focus</h3>")[2].partition("</div>")[0]
    assert re.findall(r'<b class="num">([^<]+)</b> <a href="[^"]+">([^<]+)<', panel) == [
        ("1", chosen[2].title),
        ("2=", chosen[0].title),
        ("2=", chosen[1].title),
    ]
    assert "Capacity first; the other two belong together." in panel
    assert [address in panel for address in (meeting.get_absolute_url(), round_.get_absolute_url())] == [True, True]
