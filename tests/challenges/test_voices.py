"""Comments on a challenge and support for it: for the group, without a trace in the public history."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.errors import WrongState
from challenges.models import Challenge, ChallengeComment, Support
from history.models import Entry
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def address(name: str, challenge: Challenge, *more: Any) -> str:
    return reverse(f"challenges:{name}", args=[challenge.slug, *more])


def test_a_comment_stands_on_the_page_for_the_group_and_for_nobody_else(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, member = make.challenge(group), make.member(group, display_name="Anna")
    response = signed_in(member).post(address("comment", challenge), {"text": "We see this\r\nat home <too>."})
    assert response["Location"] == challenge.get_absolute_url()
    within = [member, make.member(group, role="observer"), make.leader(group), make.secretariat()]
    shown = "<h3>Anna</h3> <p>We see this<br>at home &lt;too&gt;.</p>"
    pages = [text(signed_in(person).get(challenge.get_absolute_url())) for person in within]
    assert [shown in page for page in pages] == [True] * 4
    others = [Client(), signed_in(make.member(make.group()))]
    assert ["In the group" in text(client.get(challenge.get_absolute_url())) for client in others] == [False, False]
    assert Entry.objects.about(challenge).count() == 0


@pytest.mark.parametrize("words", ["", "  ", "x" * 5001, "nul \x00"])
def test_a_comment_without_words_or_with_too_many_is_an_error_beside_the_field(
    words: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    response = signed_in(make.member(group)).post(address("comment", make.challenge(group)), {"text": words})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["text"])
    assert ChallengeComment.objects.count() == 0


def test_a_comment_is_removed_by_its_author_without_a_trace_and_by_a_leader_on_record(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, author, leader = make.challenge(group), make.member(group), make.leader(group)
    removed = []
    for person in (make.member(group), author, leader):
        comment = actions.comment_on_challenge(challenge=challenge, by=author, text="Words")
        client, page = signed_in(person), address("remove_comment", challenge, comment.pk)
        client.get(page)
        removed.append((client.post(page).status_code, ChallengeComment.objects.count()))
        ChallengeComment.objects.all().delete()
    assert removed == [(403, 1), (302, 0), (302, 0)]
    entries = Entry.objects.about(challenge)
    assert [(entry.verb, entry.by, entry.is_public, entry.payload) for entry in entries] == [
        ("comment_removed", leader, False, {})
    ]


def test_a_comment_that_two_remove_is_on_record_once(group: WorkingGroup) -> None:
    challenge, leader = make.challenge(group), make.leader(group)
    actions.comment_on_challenge(challenge=challenge, by=make.member(group), text="Words")
    for comment in [ChallengeComment.objects.select_related("challenge", "by").get()] * 2:
        actions.remove_comment(comment=comment, by=leader)
    assert Entry.objects.about(challenge).count() == 1


def test_support_is_given_once_counted_and_taken_back(group: WorkingGroup, signed_in: SignedIn) -> None:
    challenge, member = make.challenge(group, status="proposed"), make.member(group)
    actions.support_challenge(challenge=challenge, by=make.leader(group))
    client, page = signed_in(member), challenge.get_absolute_url()
    assert "1 person supports it." in text(client.get(page))
    client.post(address("support", challenge))
    actions.support_challenge(challenge=challenge, by=member)
    assert "2 people support it. You are one of them." in text(client.get(page))
    assert "2 support it" in text(client.get("/challenges/"))
    assert "Withdraw your support" in text(client.get(address("support", challenge)))
    client.post(address("support", challenge))
    assert list(Support.objects.exclude(by=member).values_list("challenge", flat=True)) == [challenge.pk]
    assert Support.objects.count() == 1


@pytest.mark.parametrize("status", ["merged", "closed"])
def test_what_is_merged_or_closed_is_no_longer_discussed(status: str, group: WorkingGroup, signed_in: SignedIn) -> None:
    into = make.challenge(group) if status == "merged" else None
    challenge, member = make.challenge(group, status=status, merged_into=into), make.member(group)
    client = signed_in(member)
    page = text(client.get(challenge.get_absolute_url()))
    assert ("In the group" in page, "Your comment" in page, "Support it" in page) == (True, False, False)
    client.post(address("support", challenge))
    assert list(client.post(address("comment", challenge), {"text": "Late"}).context["form"].errors) == ["__all__"]
    with pytest.raises(WrongState):
        actions.support_challenge(challenge=challenge, by=member)
    assert (Support.objects.count(), ChallengeComment.objects.count()) == (0, 0)


@pytest.mark.parametrize("name", ["comment", "support"])
def test_members_leaders_and_rapporteurs_speak_and_observers_read(
    name: str, group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge = make.challenge(group)
    roles = [make.member(group, role=role) for role in ("observer", "member", "rapporteur", "leader")]
    people = [make.user(), make.leader(make.group()), *roles, make.secretariat()]
    statuses = [client.get(address(name, challenge)).status_code for client in (Client(), *map(signed_in, people))]
    assert statuses == [302, 404, 404, 403, 200, 200, 200, 200 if name == "comment" else 403]


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_takes_as_many_queries_for_any_number_of_comments(
    many: int, group: WorkingGroup, signed_in: SignedIn, django_assert_num_queries: Any
) -> None:
    challenge, leader = make.challenge(group), make.leader(group)
    for _ in range(many):
        member = make.member(group)
        actions.support_challenge(challenge=challenge, by=member)
        actions.comment_on_challenge(challenge=challenge, by=member, text="Words")
        actions.merge_challenge(challenge=make.challenge(group), into=challenge, by=leader, reason="R.")
        make.challenge(group, split_from=challenge)
    client = signed_in(leader)
    client.get(challenge.get_absolute_url())
    with django_assert_num_queries(12):
        client.get(challenge.get_absolute_url())
    with django_assert_num_queries(8):
        client.get("/challenges/")


def test_comments_are_carried_into_the_round_that_asks_about_the_challenge(
    group: WorkingGroup, signed_in: SignedIn
) -> None:
    challenge, other = make.challenge(group, title="Money"), make.challenge(group, title="Time")
    member = make.member(group)
    for words in ("Ours", "Theirs"):
        actions.comment_on_challenge(challenge=challenge, by=member, text=words)
    round_ = make.open_round(group, options=[challenge, other])
    page = text(signed_in(member).get(round_.get_absolute_url()))
    asked = page.partition('id="asked"')[2].partition("</section>")[0]
    assert (f'<a href="{challenge.get_absolute_url()}">Money</a>' in asked, asked.count("2 comments")) == (True, 1)
    assert asked.count("comment") == 1
