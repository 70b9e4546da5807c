"""From ready to published: the second person, what is complete, and that a published edition never changes."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from history.models import ContentVersion, Entry
from notices.models import Notice
from outcomes import actions, rules
from outcomes.errors import (
    CommentsOpen,
    Incomplete,
    NotAllowed,
    ReasonMissing,
    Refused,
    SamePerson,
    SignOffMissing,
    SlugTaken,
    WrongState,
)
from outcomes.models import Edition, EditionFile, EditionSource
from tests import factories

pytestmark = pytest.mark.django_db

State = Edition.State
WHEN = dt.datetime(2023, 7, 14, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group()


@pytest.fixture(scope="module")
def built(group: Any) -> Edition:
    return factories.built_edition(factories.publication(group))


@pytest.fixture
def edition(built: Edition) -> Edition:
    """Ready, and not in review yet."""
    return copy.deepcopy(built)


@pytest.fixture(scope="module")
def printed(group: Any) -> Edition:
    return factories.published_edition(factories.publication(group))


@pytest.fixture
def published(printed: Edition) -> Edition:
    return copy.deepcopy(printed)


def test_the_leader_signs_off_first_and_a_third_person_approves(group: Any, edition: Edition) -> None:
    writer, leader = factories.member(group, role="rapporteur"), factories.leader(group)
    office = factories.secretariat()
    submitted = actions.submit(edition=edition, by=writer)
    assert [rules.can_approve(person, submitted) for person in (writer, leader, office)] == [False] * 3
    with pytest.raises(SignOffMissing):
        actions.approve(edition=edition, by=office)
    signed = actions.sign_off(edition=edition, by=leader)
    assert (signed.signed_off_by, signed.state) == (leader, State.IN_REVIEW)
    with pytest.raises(SamePerson):
        actions.approve(edition=edition, by=leader)
    assert actions.approve(edition=edition, by=office).approved_by == office


def test_a_leader_who_sends_it_has_signed_it_off(group: Any, edition: Edition) -> None:
    leader, office = factories.leader(group), factories.secretariat()
    assert actions.submit(edition=edition, by=leader).signed_off_by == leader
    assert actions.approve(edition=edition, by=office).state == State.APPROVED


def test_only_a_leader_of_the_group_signs_off_once(group: Any, edition: Edition) -> None:
    leader, second = factories.leader(group), factories.leader(group)
    with pytest.raises(WrongState):
        actions.sign_off(edition=edition, by=leader)
    actions.submit(edition=edition, by=factories.secretariat())
    for person in (factories.secretariat(), factories.leader(factories.group()), factories.member(group)):
        with pytest.raises(NotAllowed):
            actions.sign_off(edition=edition, by=person)
    actions.sign_off(edition=edition, by=leader)
    with pytest.raises(WrongState):
        actions.sign_off(edition=edition, by=second)


def test_the_group_comments_for_a_while_and_nobody_approves_meanwhile(group: Any, edition: Edition) -> None:
    member, office = factories.member(group), factories.secretariat()
    start, end = WHEN, WHEN + dt.timedelta(days=7)
    actions.submit(edition=edition, by=factories.secretariat(), comments_until=end, now=start)
    said = actions.comment(edition=edition, by=member, text=" Name the ports. ", now=start)
    assert (said.text, said.by, edition.comments.count()) == ("Name the ports.", member, 1)
    with pytest.raises(CommentsOpen):
        actions.approve(edition=edition, by=office, now=start)
    with pytest.raises(NotAllowed):
        actions.comment(edition=edition, by=factories.user(), text="Me too.", now=start)
    with pytest.raises(WrongState):
        actions.comment(edition=edition, by=member, text="Too late.", now=end)
    assert actions.approve(edition=edition, by=office, now=end).state == State.APPROVED
    assert edition.comments.count() == 1


def test_leader_or_secretariat_end_the_comments_before_their_time(group: Any, edition: Edition) -> None:
    member, leader, office = factories.member(group), factories.leader(group), factories.secretariat()
    end = WHEN + dt.timedelta(days=7)
    actions.submit(edition=edition, by=leader, comments_until=end, now=WHEN)
    for person in (member, factories.member(group, role="rapporteur"), factories.leader(factories.group())):
        with pytest.raises(NotAllowed):
            actions.end_comments(edition=edition, by=person, now=WHEN)
    later = WHEN + dt.timedelta(hours=1)
    assert actions.end_comments(edition=edition, by=leader, now=later).comments_until == later
    entry = Entry.objects.about(edition.publication).get(verb="comments_ended")
    assert (entry.by, entry.payload) == (leader, {"version": 1, "until": end.isoformat()})
    letters = Notice.objects.about(edition).filter(recipient=member)
    assert list(letters.values_list("state", "reason")) == [("skipped", "no comments any more")]
    with pytest.raises(WrongState):
        actions.comment(edition=edition, by=member, text="Too late.", now=later)
    with pytest.raises(WrongState):
        actions.end_comments(edition=edition, by=office, now=later)
    assert actions.approve(edition=edition, by=office, now=later).state == State.APPROVED


def test_members_see_an_edition_while_it_is_in_review(group: Any, edition: Edition) -> None:
    member = factories.member(group)
    seen = [Edition.objects.visible_to(member).filter(pk=edition.pk).exists()]
    actions.submit(edition=edition, by=factories.secretariat())
    seen.append(Edition.objects.visible_to(member).filter(pk=edition.pk).exists())
    actions.return_to_draft(edition=edition, by=factories.secretariat(), reason="Shorter.")
    seen.append(Edition.objects.visible_to(member).filter(pk=edition.pk).exists())
    assert seen == [False, True, False]


def test_members_and_leaders_get_their_letters(group: Any, edition: Edition) -> None:
    leader, member = factories.leader(group), factories.member(group)
    factories.member(factories.group())
    actions.submit(edition=edition, by=factories.secretariat(), comments_until=WHEN + dt.timedelta(days=3), now=WHEN)
    letters = Notice.objects.order_by("kind", "recipient").values_list("kind", "recipient")
    assert list(letters) == [
        ("outcomes.for_comment", leader.pk),
        ("outcomes.for_comment", member.pk),
        ("outcomes.for_sign_off", leader.pk),
    ]


def test_a_setting_lets_one_person_do_both(edition: Edition, settings: Any) -> None:
    settings.SECOND_PERSON_APPROVES = False
    office = factories.secretariat()
    assert rules.can_approve(office, actions.submit(edition=edition, by=office))
    assert actions.approve(edition=edition, by=office).state == State.APPROVED


def test_only_leaders_and_the_secretariat_approve(group: Any, edition: Edition) -> None:
    first = factories.leader(group)
    people = [
        factories.secretariat(),
        factories.leader(group),
        first,
        factories.member(group, role="rapporteur"),
        factories.member(group),
        factories.leader(factories.group()),
        None,
    ]
    submitted = actions.submit(edition=edition, by=first)
    expected = [True, True, False, False, False, False, False]
    assert [rules.can_approve(person, submitted) for person in people] == expected


def test_every_step_has_its_time_and_person(edition: Edition) -> None:
    one, two = factories.secretariat(), factories.secretariat()
    actions.submit(edition=edition, by=one, now=WHEN)
    actions.approve(edition=edition, by=two, now=WHEN + dt.timedelta(hours=1))
    done = actions.publish_edition(edition=edition, by=two, now=WHEN + dt.timedelta(hours=2))
    assert (done.submitted_at, done.submitted_by) == (WHEN, one)
    assert (done.approved_at, done.approved_by) == (WHEN + dt.timedelta(hours=1), two)
    assert (done.state, done.published_at) == (State.PUBLISHED, WHEN + dt.timedelta(hours=2))
    public = Entry.objects.about(done.publication).published()
    assert list(public.values_list("verb", "at", "payload")) == [
        ("edition_published", done.published_at, {"version": 1})
    ]


def test_an_edition_sent_back_needs_a_reason_and_is_a_draft_again(edition: Edition) -> None:
    office = factories.secretariat()
    actions.submit(edition=edition, by=office)
    with pytest.raises(ReasonMissing):
        actions.return_to_draft(edition=edition, by=office, reason="  ")
    back = actions.return_to_draft(edition=edition, by=office, reason="Name the regions.")
    assert (back.state, back.submitted_at, back.submitted_by) == (State.DRAFT, None, None)
    again = actions.edit_edition(edition=back, by=office, title="Better")
    assert (again.state, again.title) == (State.BUILDING, "Better")


def test_publishing_supersedes_the_edition_before(published: Edition) -> None:
    first = published
    second = factories.published_edition(first.publication, change_note="Adds the reason.")
    first.refresh_from_db()
    assert (first.version, first.state, second.version, second.state) == (1, State.SUPERSEDED, 2, State.PUBLISHED)


@pytest.mark.parametrize(("field", "name"), [("abstract", "an abstract"), ("licence", "a licence")])
def test_what_every_edition_needs_is_named_before_publication(edition: Edition, field: str, name: str) -> None:
    office = factories.secretariat()
    actions.submit(edition=edition, by=factories.secretariat())
    actions.approve(edition=edition, by=office)
    Edition.objects.filter(pk=edition.pk).update(**{field: ""})
    with pytest.raises(Incomplete, match=f"needs: {name}"):
        actions.publish_edition(edition=edition, by=office)


def test_an_edition_without_a_pdf_is_not_published(edition: Edition) -> None:
    office = factories.secretariat()
    actions.submit(edition=edition, by=factories.secretariat())
    actions.approve(edition=edition, by=office)
    EditionFile.objects.filter(edition=edition, format="pdf").delete()
    with pytest.raises(Incomplete, match="a PDF"):
        actions.publish_edition(edition=edition, by=office)


def test_every_edition_has_a_title(group: Any) -> None:
    with pytest.raises(Incomplete, match="title"):
        factories.drafted_edition(factories.publication(group), title=" \x00 ")


def test_a_published_edition_never_changes(published: Edition) -> None:
    edition, office = published, factories.secretariat()
    before = Edition.objects.filter(pk=edition.pk).values().get()
    for verb in (actions.edit_edition, actions.request_build, actions.submit, actions.approve, actions.publish_edition):
        with pytest.raises(Refused):
            verb(edition=edition, by=office)
    assert actions.build_edition(edition.pk).state == State.PUBLISHED
    assert Edition.objects.filter(pk=edition.pk).values().get() == before


def test_the_database_refuses_to_change_a_published_edition(group: Any, published: Edition) -> None:
    edition = published
    for change in (
        lambda: Edition.objects.filter(pk=edition.pk).update(title="Other"),
        lambda: Edition.objects.filter(pk=edition.pk).update(html="Other"),
        lambda: EditionFile.objects.filter(edition=edition).update(sha256="0" * 64),
        lambda: EditionFile.objects.filter(edition=edition).delete(),
        lambda: EditionFile.objects.create(edition=edition, format="txt", sha256="0" * 64, size=1),
        lambda: EditionSource.objects.create(edition=edition, position=9, meeting=factories.meeting(group)),
    ):
        with pytest.raises(DatabaseError, match="never change"), transaction.atomic():
            change()


def test_a_withdrawal_needs_a_reason_and_is_public(published: Edition) -> None:
    edition, office = published, factories.secretariat()
    before = ContentVersion.objects.get().number
    with pytest.raises(ReasonMissing):
        actions.withdraw(edition=edition, by=office, reason="")
    gone = actions.withdraw(edition=edition, by=office, reason="Wrong figures.", now=WHEN)
    assert (gone.state, gone.withdrawn_at, gone.withdraw_reason) == (State.WITHDRAWN, WHEN, "Wrong figures.")
    assert ContentVersion.objects.get().number == before + 1


def test_the_next_edition_waits_until_the_last_is_published(group: Any) -> None:
    publication = factories.publication(group)
    factories.drafted_edition(publication)
    with pytest.raises(WrongState):
        factories.drafted_edition(publication)


@pytest.mark.parametrize("slug", ["new", "taken"])
def test_an_address_is_given_once(group: Any, slug: str) -> None:
    factories.publication(group, slug="taken")
    with pytest.raises(SlugTaken):
        factories.publication(group, slug=slug)


def test_each_step_follows_the_life_cycle(group: Any) -> None:
    edition, office = factories.drafted_edition(factories.publication(group)), factories.secretariat()
    for verb in (actions.submit, actions.approve, actions.publish_edition):
        with pytest.raises(WrongState, match="The edition is draft"):
            verb(edition=edition, by=office)
    with pytest.raises(WrongState):
        actions.withdraw(edition=edition, by=office, reason="No.")
