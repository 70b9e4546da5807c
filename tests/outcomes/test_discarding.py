"""What was begun by mistake goes for good, with its letters; what has appeared, or is built or read, stays."""

import copy
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import ContentVersion, Entry
from notices.delivery import deliver
from notices.models import Notice
from outcomes import actions, files, word
from outcomes.errors import Gone, WrongState
from outcomes.models import Edition, EditionComment, EditionFile, EditionSource, Publication
from outcomes.tasks import build_pending
from tests import factories

pytestmark = pytest.mark.django_db
WHEN = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
BALLOTS = [[1, 2, 3]] * 12
State = Edition.State
ROWS = (Publication, Edition, EditionFile, EditionSource, EditionComment)


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group()


@pytest.fixture(scope="module")
def built(group: Any) -> Edition:
    return factories.built_edition(
        factories.publication(group, slug="a-mistake"), factories.published_round(group, *BALLOTS)
    )


@pytest.fixture
def ready(built: Edition) -> Edition:
    return copy.deepcopy(built)


def address(name: str, edition: Edition) -> str:
    return reverse(f"outcomes:{name}", args=[edition.publication.slug, edition.version])


def rows() -> list[int]:
    return [model.objects.count() for model in ROWS]


@pytest.mark.usefixtures("strict_templates")
def test_the_page_says_what_goes_and_nothing_of_it_is_left(
    group: Any, ready: Edition, signed_in: Any, client: Client
) -> None:
    printed = factories.published_edition(factories.publication(group, slug="in-print"), title="In print")
    office = factories.secretariat()
    actions.submit(edition=ready, by=office, comments_until=timezone.now() + dt.timedelta(days=3))
    actions.comment(edition=ready, by=factories.member(group), text="Is this meant?")
    actions.return_to_draft(edition=ready, by=office, reason="No.")
    public = [client.get(page).content for page in ("/outcomes/", "/outcomes/feed.atom", "/search/?q=regions")]
    paths = [files.path_of(file.sha256) for file in ready.files.all()]
    version = ContentVersion.objects.get().number
    editor = signed_in(factories.leader(group))
    assert address("discard", ready) in editor.get(address("edition", ready)).content.decode()
    asked = editor.get(address("discard", ready))
    assert asked.context["text"] == (
        "Edition 1 has never appeared. Its text goes for good. So do 7 files. So does 1 comment of the group. "
        "It is the only one: the publication and its address go too. The portal begins no other outcome of its round "
        "by itself; “New publication” does. The records it tells of stay."
    )
    gone = editor.post(address("discard", ready), follow=True)
    assert (gone.redirect_chain, "The publication is discarded." in gone.content.decode()) == (
        [("/outcomes/", 302)],
        True,
    )
    assert rows() == [1, 1, 7, 0, 0]
    assert {path.exists() for path in paths} == {True}, "files wait for the sweeping"
    assert [
        reader.get(page).status_code
        for reader in (client, editor)
        for page in ("/outcomes/a-mistake/", address("edition", ready), "/outcomes/a-mistake/v1/download/pdf/")
    ] == [404] * 6
    assert [client.get(page).content for page in ("/outcomes/", "/outcomes/feed.atom", "/search/?q=regions")] == public
    assert (ContentVersion.objects.get().number, Publication.objects.get()) == (version, printed.publication)


def test_the_history_of_the_group_keeps_who_discarded_what(group: Any, ready: Edition) -> None:
    leader, told = factories.leader(group), ready.publication
    assert actions.discard_edition(edition=ready, by=leader, now=WHEN) is None
    of_group, of_publication = (
        Entry.objects.filter(about_type__model=kind, verb="edition_discarded").get()
        for kind in ("workinggroup", "publication")
    )
    assert (of_group.about, of_group.by, of_group.at, of_group.is_public) == (group, leader, WHEN, False)
    assert of_group.payload == {"slug": "a-mistake", "version": 1, "title": "What holds regions back"}
    assert (of_publication.about_id, of_publication.payload) == (told.pk, of_group.payload)


def test_of_a_publication_in_print_only_the_planned_edition_goes(group: Any, signed_in: Any) -> None:
    publication = factories.published_edition(factories.publication(group)).publication
    second = factories.drafted_edition(publication)
    editor = signed_in(factories.member(group, role="rapporteur"))
    assert editor.get(address("discard", second)).context["title"] == "Discard this edition?"
    answer = editor.post(address("discard", second), follow=True)
    assert (answer.redirect_chain, answer.context["edition"].version) == ([(f"/outcomes/{publication.slug}/", 302)], 1)
    assert [line.what for line in answer.context["story"]][:2] == ["Discarded", "Edition planned"]
    assert factories.drafted_edition(publication).version == 2


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("building", "The edition is being built. Call the build off first, then discard it."),
        ("in_review", "The edition is in review. Send it back first, then discard it."),
        ("approved", "The edition is approved. Send it back first, then discard it."),
        ("published", "What has appeared is withdrawn, never discarded: its address stays, with the reason."),
        ("superseded", "What has appeared is withdrawn, never discarded: its address stays, with the reason."),
        ("withdrawn", "What has appeared is withdrawn, never discarded: its address stays, with the reason."),
    ],
)
def test_what_is_built_read_or_in_print_stays(ready: Edition, signed_in: Any, state: str, words: str) -> None:
    office, before = factories.secretariat(), rows()
    step = {"at": WHEN, "by": office}
    frame = {f"{name}_{part}": value for name in ("submitted", "approved") for part, value in step.items()}
    withdrawn = {"withdrawn_at": WHEN, "withdraw_reason": "Wrong."} if state == "withdrawn" else {}
    Edition.objects.filter(pk=ready.pk).update(state=state, published_at=WHEN, **frame, **withdrawn)
    editor = signed_in(office)
    for send in (editor.get, editor.post):
        answer = send(address("discard", ready), follow=True)
        assert [str(each) for each in answer.context["messages"]] == [words]
    assert address("discard", ready) not in answer.content.decode()
    assert rows() == before


def test_an_original_stays_as_long_as_there_are_translations_of_it(group: Any, ready: Edition) -> None:
    other, office = factories.publication(group), factories.secretariat()
    factories.drafted_edition(other, language="fi")
    actions.link_translation(publication=other, original=ready.publication, by=office)
    with pytest.raises(WrongState, match="Other publications are translations of this one"):
        actions.discard_edition(edition=ready, by=office)
    actions.link_translation(publication=other, original=None, by=office)
    assert actions.discard_edition(edition=ready, by=office) is None
    with pytest.raises(Gone):
        actions.link_translation(publication=other, original=ready.publication, by=office)


def test_strangers_find_nothing_before_and_after(group: Any, ready: Edition, signed_in: Any) -> None:
    people = [factories.leader(factories.group()), factories.member(group)]
    clients = [signed_in(person) for person in people]
    seen = [[client.post(address("discard", ready)).status_code for client in clients]]
    actions.discard_edition(edition=ready, by=factories.secretariat())
    seen.append([client.post(address("discard", ready)).status_code for client in clients])
    assert seen == [[404, 404], [404, 404]]


def test_the_second_click_says_that_it_is_gone(group: Any, ready: Edition, signed_in: Any) -> None:
    first, second = (signed_in(factories.leader(group)) for _ in range(2))
    assert first.post(address("discard", ready)).status_code == 302
    for editor in (first, second):
        answer = editor.post(address("discard", ready), follow=True)
        assert answer.redirect_chain == [("/outcomes/", 302)]
        assert "This edition is gone: somebody has discarded it." in answer.content.decode()
    assert second.get("/outcomes/never-begun/v1/discard/").status_code == 404


def test_letters_about_it_do_not_leave(group: Any, ready: Edition, mailoutbox: list[Any]) -> None:
    leader, office = factories.leader(group), factories.secretariat()
    letters = Notice.objects.about(ready).filter(recipient=leader).order_by("kind")
    actions.submit(edition=ready, by=office, comments_until=WHEN + dt.timedelta(days=3), now=WHEN)
    assert list(letters.values_list("kind", "state")) == [
        ("outcomes.for_comment", "due"),
        ("outcomes.for_sign_off", "due"),
    ]
    held = letters[0]
    actions.return_to_draft(edition=ready, by=office, reason="No.", now=WHEN)
    actions.discard_edition(edition=ready, by=office, now=WHEN)
    assert set(Notice.objects.about(ready).values_list("state", "reason")) == {("skipped", "discarded")}
    Notice.objects.filter(pk=held.pk).update(state="due", skipped_at=None, reason="")  # as one a worker had in hand
    deliver(now=WHEN)
    held.refresh_from_db()
    assert (held.state, held.reason, mailoutbox) == ("skipped", "no comments any more", [])


def test_the_portal_does_not_begin_again_what_was_discarded(group: Any) -> None:
    told, other = (factories.published_round(group, *BALLOTS) for _ in range(2))
    begun = actions.outcome_of_round(round_id=told.pk)
    assert begun is not None
    assert list(actions.rounds_without_outcome()) == [other]
    actions.build_edition(begun.pk)
    actions.discard_edition(edition=begun, by=factories.secretariat())
    assert list(actions.rounds_without_outcome()) == [other]
    assert actions.outcome_of_round(round_id=told.pk) is None
    again = factories.drafted_edition(factories.publication(group), told)
    assert list(actions.rounds_left_untold(again)) == [told]


def test_a_build_that_was_called_off_and_whose_edition_is_gone_ends_quietly(
    ready: Edition, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It works outside any transaction, and finds nothing to keep its files with."""
    office, write = factories.secretariat(), word.write
    actions.request_build(edition=ready, by=office)

    def meanwhile(*args: Any, **kwargs: Any) -> bytes:
        actions.cancel_build(edition=ready, by=office)
        actions.discard_edition(edition=ready, by=office)
        return write(*args, **kwargs)

    monkeypatch.setattr(word, "write", meanwhile)
    assert (build_pending(), Edition.objects.count(), caplog.records) == (0, 0, [])
    with pytest.raises(Gone):
        actions.build_edition(ready.pk)
