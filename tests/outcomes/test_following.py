"""Following without an account: asked for, confirmed by link, told once, ended with one click; feeds of a part."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.delivery import deliver
from notices.models import Notice
from outcomes import actions, tokens
from outcomes.actions import following
from outcomes.actions.following import Wish
from outcomes.models import Edition, Follower
from tests import factories

pytestmark = pytest.mark.django_db
FORM = "/outcomes/follow/"
EACH, DIGEST = Follower.Cadence.EACH, Follower.Cadence.DIGEST
ASKED = ("Please confirm", "You follow")
LATER = dt.timedelta(minutes=10)
Publish = Callable[..., Edition]


def follower(**values: Any) -> Follower:
    """A confirmed follower."""
    wish = {"email": "reader@example.org", "group": None, "topic": None, "cadence": EACH, "language": "en"} | values
    return following.confirm(follower=following.follow(wish=Wish(**wish)))


@pytest.fixture(scope="module")
def approved(rows_of_module: None) -> dict[str, Edition]:  # noqa: ARG001 - a ground for what is made here
    """Of another group, of the group, and of the group on the topic: all that remains is to publish them."""
    group, other = factories.group(slug="diff"), factories.group()
    topic = factories.challenge(group, slug="capacity")
    made = {
        "Other": factories.publication(other),
        "Of the group": factories.publication(group),
        "On the topic": factories.publication(group, topics=[topic]),
    }
    for title, publication in made.items():
        edition = actions.submit(edition=factories.built_edition(publication, title=title), by=factories.secretariat())
        actions.approve(edition=edition, by=factories.secretariat())
    return {title: publication.editions.get() for title, publication in made.items()}


@pytest.fixture
def published(approved: dict[str, Edition]) -> Publish:
    """Publish the edition of this title now."""

    def publish(title: str = "Other") -> Edition:
        return actions.publish_edition(edition=copy.deepcopy(approved[title]), by=None)

    return publish


def soon() -> dt.datetime:
    return timezone.now() + LATER


def told() -> list[str]:
    """The subjects of all letters that are delivered now, without those that answer a wish."""
    mail.outbox.clear()
    while deliver(now=soon()):
        pass
    return sorted(str(letter.subject) for letter in mail.outbox if not letter.subject.startswith(ASKED))


def test_a_stranger_asks_confirms_and_leaves(client: Client) -> None:
    answer = client.post(FORM, {"email": "reader@example.org", "about": "", "cadence": "each"})
    assert answer["Location"] == "/outcomes/follow/asked/"
    deliver()
    [letter] = mail.outbox
    row = Follower.objects.get()
    link = reverse("outcomes:following", args=[tokens.token_of(row)])
    assert (letter.to, link in letter.body, row.confirmed_at) == (["reader@example.org"], True, None)
    client.get(link)
    assert Follower.objects.confirmed().count() == 0, "a scanner that opens links confirms nothing"
    client.post(link)
    client.post(link)
    assert Follower.objects.confirmed().count() == 1
    client.post(reverse("outcomes:leave", args=[tokens.token_of(row)]))
    assert Follower.objects.count() == 0
    assert client.get(link).status_code == 404


def test_who_left_in_another_window_confirms_nothing() -> None:
    row = following.follow(wish=Wish("reader@example.org", None, None, EACH, "en"))
    following.leave(follower=Follower.objects.get())
    assert (following.confirm(follower=row).confirmed_at, Follower.objects.count()) == (None, 0)


def test_the_form_sets_the_csrf_cookie_only(client: Client) -> None:
    client.get(FORM)
    assert list(client.cookies) == ["csrftoken"]


def test_the_same_wish_twice_makes_one_row_and_one_letter_an_hour(client: Client) -> None:
    for email in ("reader@example.org", "Reader@Example.org"):
        client.post(FORM, {"email": email, "about": "", "cadence": "each"})
    assert (Follower.objects.count(), Notice.objects.filter(kind="outcomes.follow").count()) == (1, 1)


def test_who_follows_already_is_told_so_and_not_asked_to_confirm(client: Client) -> None:
    follower()
    deliver()
    mail.outbox.clear()
    Notice.objects.all().delete()  # as an hour later
    client.post(FORM, {"email": "reader@example.org", "about": "", "cadence": "digest"})
    deliver()
    [letter] = mail.outbox
    assert letter.subject == "You follow the outcomes already"
    assert ("forgotten after a week" in letter.body, "nothing changes" in letter.body) == (False, True)


def test_an_address_that_is_the_same_in_small_letters_only_is_the_same(client: Client) -> None:
    codes = [
        client.post(FORM, {"email": email, "about": "", "cadence": "each"}).status_code
        for email in ("x@istanbul.example", "x@\u0130stanbul.example")
    ]
    assert (codes, Follower.objects.count()) == ([302, 302], 1)


def test_nobody_between_keeps_the_page_behind_the_link(client: Client) -> None:
    """It shows an address."""
    token = tokens.token_of(follower())
    for name in ("following", "leave"):
        answer = client.get(reverse(f"outcomes:{name}", args=[token]))
        assert ("reader@example.org" in answer.content.decode(), "no-store" in answer["Cache-Control"]) == (True, True)


def test_faults_stand_beside_their_fields(client: Client) -> None:
    answer = client.post(FORM, {"email": "no address", "about": "group:none", "cadence": "each"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, ["about", "email"])
    assert Follower.objects.count() == 0


def test_who_asks_too_often_waits(client: Client) -> None:
    wishes = [{"email": f"r{n}@example.org", "about": "", "cadence": "each"} for n in range(11)]
    codes = [client.post(FORM, wish).status_code for wish in wishes]
    assert codes == [302] * 10 + [429]


@pytest.mark.parametrize("token", ["forged", "a.b", "x" * 300])
def test_a_forged_link_finds_nobody(client: Client, token: str) -> None:
    assert client.get(reverse("outcomes:following", args=[token])).status_code == 404
    assert client.post(reverse("outcomes:leave", args=[token])).status_code == 200


def test_each_publication_is_told_once_however_often_the_task_runs(published: Publish) -> None:
    follower()
    edition = published()
    assert [following.tell_followers(now=soon()) for _ in range(3)] == [1, 0, 0]
    assert told() == [f"Published: {edition.title}"]
    [letter] = [letter for letter in mail.outbox if "Published" in letter.subject]
    row = Follower.objects.get()
    assert letter.extra_headers["List-Unsubscribe"] == f"<{tokens.leave_url(row)}>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert tokens.leave_url(row) in letter.body


def test_a_follower_who_cannot_be_told_holds_up_no_other(poison: Any, published: Publish) -> None:
    rows = [follower(email=f"{name}@example.org") for name in ("anna", "boris", "clio")]
    published()
    poison(Follower, f"NEW.id = {rows[0].pk}")
    assert following.tell_followers(now=soon()) == 2


def test_workers_are_woken_once_for_all_followers(published: Publish, django_capture_on_commit_callbacks: Any) -> None:
    for name in ("anna", "boris", "clio"):
        follower(email=f"{name}@example.org")
    published()
    with django_capture_on_commit_callbacks() as nudges:
        assert [following.tell_followers(now=soon()) for _ in range(2)] == [3, 0]
    assert len(nudges) == 1


def test_what_was_published_before_is_not_told(published: Publish) -> None:
    published()
    follower()
    assert following.tell_followers(now=soon()) == 0


def test_a_mail_program_ends_it_with_one_click_without_cookie_or_token_of_a_form() -> None:
    row = follower()
    answer = Client(enforce_csrf_checks=True).post(
        reverse("outcomes:leave", args=[tokens.token_of(row)]), {"List-Unsubscribe": "One-Click"}
    )
    assert (answer.status_code, Follower.objects.count(), dict(answer.cookies)) == (200, 0, {})


def test_letters_of_who_left_and_of_what_was_withdrawn_are_not_sent(published: Publish) -> None:
    stays, goes = follower(), follower(email="other@example.org")
    first, second = published(), published("Of the group")
    following.tell_followers(now=soon())
    following.leave(follower=goes)
    actions.withdraw(edition=first, by=factories.secretariat(), reason="Wrong.")
    assert told() == [f"Published: {second.title}"]
    assert [letter.to for letter in mail.outbox if "Published" in letter.subject] == [[stays.email]]


def test_who_leaves_is_forgotten_in_the_ledger_too(published: Publish) -> None:
    stays, goes = follower(), follower(email="other@example.org")
    published()
    following.tell_followers(now=soon())
    told()
    following.leave(follower=goes)
    assert set(Notice.objects.values_list("address", flat=True)) == {stays.email}


def test_a_group_and_a_topic_can_be_followed(published: Publish, approved: dict[str, Edition]) -> None:
    on_topic = approved["On the topic"].publication
    follower(group=on_topic.groups.get())
    follower(topic=on_topic.topics.get(), email="topic@example.org")
    for title in approved:
        published(title)
    following.tell_followers(now=soon())
    assert told() == ["Published: Of the group", "Published: On the topic", "Published: On the topic"]


def test_the_digest_comes_once_a_week_with_all(published: Publish) -> None:
    follower(cadence=DIGEST)
    published(), published("Of the group")
    week = timezone.now() + dt.timedelta(days=7, minutes=30)
    assert following.tell_followers(now=soon()) == 0
    assert [following.tell_followers(now=week) for _ in range(2)] == [1, 0]
    assert told() == ["2 new outcomes"]


def test_addresses_nobody_confirmed_are_forgotten() -> None:
    wish = Wish("reader@example.org", None, None, EACH, "en")
    following.follow(wish=wish)
    assert following.forget_unconfirmed(now=timezone.now() + dt.timedelta(days=6)) == 0
    assert following.forget_unconfirmed(now=timezone.now() + dt.timedelta(days=8)) == 1


def test_the_page_of_letters_shows_specimens_without_a_link_that_works(signed_in: Any, published: Publish) -> None:
    row = follower()
    published()
    office = signed_in(factories.secretariat())
    for kind in ("outcomes.follow", "outcomes.published"):
        page = office.get(reverse("notices:specimen", args=[kind]))
        assert (page.status_code, row.token in page.content.decode()) == (200, False)


def test_feeds_of_a_group_and_a_topic_hold_theirs_alone(
    client: Client, published: Publish, approved: dict[str, Edition]
) -> None:
    published("Other")
    own = published("On the topic")
    approved["Of the group"].publication.topics.set(own.publication.topics.all())
    for address in ("/groups/diff/feed.atom", "/challenges/capacity/feed.atom"):
        feed = feedparser.parse(client.get(address).content)
        assert (feed.bozo, [entry.title for entry in feed.entries]) == (False, ["On the topic"]), address


def test_there_is_no_feed_of_a_proposal(client: Client) -> None:
    factories.challenge(factories.group(), slug="idea", status="proposed")
    assert client.get("/challenges/idea/feed.atom").status_code == 404
