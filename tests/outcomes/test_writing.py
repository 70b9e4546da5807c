"""Writing and reviewing on the pages: what is previewed is what would be built, and nothing that was typed is lost."""

import copy
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges.models import RankingRound
from history.models import Entry
from meetings import actions as meetings
from meetings.models import Meeting, Webinar
from notices.delivery import deliver
from outcomes import actions, record_fields
from outcomes.models import Edition, Publication
from outcomes.views.steps import STEPS
from tests import factories
from tests.sent import untouched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
State = Edition.State
ROWS = (Publication, Edition, Entry)


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group()


@pytest.fixture(scope="module")
def built(group: Any) -> Edition:
    return factories.built_edition(factories.publication(group, slug="first"))


@pytest.fixture
def ready(built: Edition) -> Edition:
    return copy.deepcopy(built)


@pytest.fixture
def writer(group: Any, signed_in: Any) -> Client:
    client: Client = signed_in(factories.leader(group))
    return client


def address(name: str, edition: Edition) -> str:
    return reverse(f"outcomes:{name}", args=[edition.publication.slug, edition.version])


def rows() -> list[int]:
    return [row.objects.count() for row in ROWS]


def test_the_preview_shows_words_and_records_that_are_not_saved(writer: Client, group: Any, ready: Edition) -> None:
    where = address("edit", ready)
    meeting = factories.meeting(group, title="A meeting chosen now")
    typed = {
        "title": "On <b> and [a](/b)",
        "abstract": "Of *stars*.",
        "plain_summary": "New *words* <script>x</script>",
    }
    before = rows()
    page = writer.post(where, untouched(writer, where) | typed | {"meetings": [meeting.pk], "preview": "1"})
    told = page.content.decode()
    for said in ("<h1>On &lt;b&gt; and [a](/b)</h1>", "Of *stars*.", "<p>New <em>words</em>", "A meeting chosen now"):
        assert said in told
    ready.refresh_from_db()
    assert (ready.title, ready.state, ready.sources.count(), rows()) == (
        "What holds regions back",
        State.READY,
        0,
        before,
    )


def test_a_next_edition_and_a_translation_are_looked_at_before_they_are_begun(writer: Client, group: Any) -> None:
    publication = factories.published_edition(factories.publication(group, slug="printed")).publication
    changes = {"next": {"change_note": "Plainer."}, "translate": {"language": "fi"}}
    for name, more in changes.items():
        where = reverse(f"outcomes:{name}", args=[publication.slug])
        before = rows()
        page = writer.post(where, untouched(writer, where) | more | {"title": "Looked at", "preview": "1"})
        assert (page.status_code, "<h1" in page.content.decode(), rows()) == (200, True, before)
        assert "Looked at</h1>" in page.content.decode()


@pytest.mark.parametrize("state", ["building", "in_review"])
def test_words_that_come_too_late_stay_in_the_form_with_the_reason(writer: Client, ready: Edition, state: str) -> None:
    where = address("edit", ready)
    typed = untouched(writer, where) | {"plain_summary": "An hour of work."}
    Edition.objects.filter(pk=ready.pk).update(state=state, **_frame(state))
    answer = writer.post(where, typed)
    words = {"building": "as soon as that is done, or called off", "in_review": "its text no longer changes"}
    assert (answer.status_code, words[state] in str(answer.context["form"].errors["__all__"])) == (409, True)
    assert "An hour of work.</textarea>" in answer.content.decode()
    ready.refresh_from_db()
    assert (ready.state, ready.plain_summary) == (state, "In short.")


def _frame(state: str) -> dict[str, Any]:
    """What the database asks of an edition in review."""
    if state != State.IN_REVIEW:
        return {}
    return {"submitted_at": timezone.now(), "submitted_by": factories.secretariat()}


def test_a_comment_that_cannot_be_kept_stays_in_its_form(signed_in: Any, group: Any, ready: Edition) -> None:
    member = signed_in(factories.member(group))
    until = timezone.now() + dt.timedelta(days=3)
    actions.submit(edition=ready, by=factories.secretariat(), comments_until=until)
    for text, words in (("  ", "This field is required."), ("x" * 5001, "at most 5000 characters")):
        answer = member.post(address("comment", ready), {"text": text})
        assert words in str(answer.context["comment_form"].errors["text"])
        assert text.strip() in answer.content.decode()
    Edition.objects.filter(pk=ready.pk).update(comments_until=timezone.now() - dt.timedelta(minutes=1))
    late = member.post(address("comment", ready), {"text": "Name the ports."})
    assert "The time for comments on this edition is over." in str(late.context["comment_form"].errors["text"])
    assert "Name the ports.</textarea>" in late.content.decode()
    assert ready.comments.count() == 0


def test_the_link_of_a_letter_asks_to_sign_in_and_is_the_page(
    client: Client, signed_in: Any, group: Any, ready: Edition
) -> None:
    member = factories.member(group)
    until = timezone.now() + dt.timedelta(days=3)
    actions.submit(edition=ready, by=factories.secretariat(), comments_until=until)
    deliver()
    [letter] = [letter for letter in mail.outbox if member.email in letter.to[0]]
    link = address("comment", ready)
    assert f"{link}\n" in letter.body
    assert client.get(link)["Location"] == f"{reverse('account_login')}?next={link}"
    assert signed_in(member).get(link).context["edition"] == ready
    assert signed_in(factories.user()).get(link).status_code == 404
    actions.return_to_draft(edition=ready, by=factories.secretariat(), reason="Shorter.")
    assert signed_in(factories.secretariat()).get(link)["Location"] == ready.get_absolute_url()


def test_a_member_s_dashboard_names_what_waits_for_comments_until_one_is_given(
    signed_in: Any, group: Any, ready: Edition
) -> None:
    member, sender, now = factories.member(group), factories.member(group, role="rapporteur"), timezone.now()
    people = [member, sender, factories.member(factories.group())]

    def named() -> list[bool]:
        return [ready.title in signed_in(one).get("/dashboard/").content.decode() for one in people]

    actions.submit(edition=ready, by=sender, comments_until=now + dt.timedelta(days=3))
    assert named() == [True, False, False]
    actions.comment(edition=ready, by=member, text="Name the ports.")
    assert named() == [False] * 3


def test_the_page_that_ends_the_comments_says_how_many_there_are(signed_in: Any, group: Any, ready: Edition) -> None:
    member, office = factories.member(group), signed_in(factories.secretariat())
    where = address("end_comments", ready)
    until = timezone.now() + dt.timedelta(days=3)
    actions.submit(edition=ready, by=factories.secretariat(), comments_until=until)
    assert "Nobody has commented yet. Members were told" in office.get(where).context["text"]
    for text in ("Name the ports.", "And the roads."):
        actions.comment(edition=ready, by=member, text=text)
    assert where in office.get(ready.get_absolute_url()).content.decode()
    assert office.get(where).context["text"] == (
        "What holds regions back. 1 person has commented. Members were told that they have more time. What was said "
        "stays; nobody can add to it, and the edition can be approved."
    )
    assert signed_in(factories.member(group, role="rapporteur")).get(where).status_code == 403
    page = office.post(where, follow=True).content.decode()
    said = ("The time for comments is over.", "the group could comment until", where)
    assert [words in page for words in said] == [True, True, False]


def test_times_of_a_review_stand_on_the_clock_of_their_reader(signed_in: Any, group: Any, ready: Edition) -> None:
    person = factories.member(group, person=factories.user(timezone="Europe/Helsinki"))
    until = dt.datetime(2099, 1, 15, 10, 0, tzinfo=dt.UTC)
    actions.submit(edition=ready, by=factories.secretariat(), comments_until=until)
    page = signed_in(person).get(ready.get_absolute_url()).content.decode()
    assert 'id="history"' not in page, "nothing of it is public yet"
    assert "may comment until Thursday 15 January 2099, 12:00, Helsinki time" in page


def test_files_of_an_earlier_build_are_said_to_be_so(writer: Client, ready: Edition) -> None:
    words = "Article and files below are those of the last build."
    assert words not in writer.get(ready.get_absolute_url()).content.decode()
    edited = actions.edit_edition(edition=ready, by=factories.secretariat(), title="Newer title")
    assert words in writer.get(ready.get_absolute_url()).content.decode()
    actions.cancel_build(edition=edited, by=factories.secretariat())
    assert words in writer.get(ready.get_absolute_url()).content.decode()


def test_a_reason_that_was_refused_stays_typed(signed_in: Any, ready: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else is quicker between the question and the answer."""
    office = signed_in(factories.secretariat())
    actions.submit(edition=ready, by=factories.secretariat())
    step = STEPS["return"]

    def slower(*, edition: Edition, **values: Any) -> Edition:
        actions.return_to_draft(edition=edition, by=factories.secretariat(), reason="Mine.")
        return actions.return_to_draft(edition=edition, **values)

    monkeypatch.setitem(STEPS, "return", replace(step, do=slower))
    answer = office.post(address("return", ready), {"reason": "Name the regions."})
    assert "this step is not possible" in str(answer.context["form"].errors["__all__"])
    assert "Name the regions.</textarea>" in answer.content.decode()


def test_a_report_is_of_a_meeting_that_has_begun(writer: Client, group: Any) -> None:
    now = timezone.now()
    for title, starts in (("Was", now - dt.timedelta(days=9)), ("Comes", now + dt.timedelta(days=9))):
        factories.meeting(group, title=title, starts_at=starts, ends_at=starts + HOUR, sort_day=starts.date())
    off: dict[str, Any] = {"state": Meeting.State.CANCELLED, "reason": "Nobody can come."}
    factories.meeting(group, title="Called off", sort_day=now.date() - dt.timedelta(days=9), **off)
    for title, starts in (("Seen", now - dt.timedelta(days=9)), ("To be seen", now + dt.timedelta(days=9))):
        webinar = meetings.record_webinar(by=None, title=title, approx_date="2024-05")
        when = {"approx_date": "", "starts_at": starts, "ends_at": starts + HOUR, "sort_day": starts.date()}
        Webinar.objects.filter(pk=webinar.pk).update(state="announced", **when)
    assert titles_on_offer(writer, "meeting") == {"Was", "Seen"}
    assert titles_on_offer(writer, "round") == {"Was", "Comes", "Called off", "Seen", "To be seen"}


def titles_on_offer(writer: Client, template: str) -> set[str]:
    fields = writer.get(f"/outcomes/new/{template}/").context["form"].fields
    found = {record.title for name in ("meetings", "webinars") for record in fields[name].queryset}
    return found & {"Was", "Comes", "Called off", "Seen", "To be seen"}


HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("title", "suggested"),
    [
        ("Main challenges", "Main challenges: what the members ranked first"),
        ("What still needs work?", "What still needs work? What the members ranked first"),
    ],
)
def test_a_suggested_title_reads_well_after_a_question(group: Any, title: str, suggested: str) -> None:
    from outcomes import first_words

    told: RankingRound = factories.published_round(group, *[[1, 2, 3]] * 10, title=title)
    words = first_words.of_round(told)
    assert words
    assert words["title"] == suggested


def test_an_address_ends_with_a_whole_word() -> None:
    long = "A second look, first pass: what still needs work? What the members ranked first of all"
    assert actions.free_slug(long) == "a-second-look-first-pass-what-still-needs-work-what-the-members-ranked"
    assert actions.free_slug("w" * 90) == "w" * 75


def test_a_half_year_and_a_leaflet_are_said_to_tell_of_their_group(writer: Client, group: Any) -> None:
    def told(template: str, **chosen: str) -> list[tuple[str, list[str]]]:
        page = writer.get(f"/outcomes/new/{template}/words/", {"groups": group.pk, **chosen})
        assert "No record is chosen" not in page.content.decode()
        return [(str(label), names) for label, names in page.context["told"]]

    assert told("leaflet") == [("Working groups", [group.name])]
    half = record_fields.half_choices()[0]
    expected = [("Working groups", [group.name]), ("Half-year", [half[1]])]
    assert told("half_year", half=half[0]) == expected
