"""The pages of minutes: the editor, the revision, what changed, the steps; for each kind of reader."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from meetings import actions
from meetings.actions import minutes as verbs
from meetings.actions.minutes import ActionLine, DecisionLine, Wording
from meetings.models import ActionPoint, Meeting, Minutes
from people.models import User
from tests.factories import member, secretariat, user
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
AFTER = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


@pytest.fixture
def held(plan: Callable[..., Meeting]) -> Meeting:
    meeting = plan(agenda=[actions.AgendaLine("Welcome", 15)])
    actions.mark_held(now=AFTER)
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def rapporteur(club: WorkingGroup) -> User:
    return member(club, role="rapporteur", display_name="Rita Rapporteur")


def write(meeting: Meeting, by: User, text: str = "All came.", *, edit: int = 0, **lines: Any) -> Minutes:
    return verbs.write_minutes(meeting=meeting, by=by, wording=Wording(text, **lines), edit=edit, now=AFTER)


def address(name: str, meeting: Meeting, *args: Any) -> str:
    return reverse(f"meetings:{name}", args=[meeting.slug, *args])


def form(text: str = "## Result\nWe *agree*.", **values: str) -> dict[str, str]:
    management = {f"{prefix}-{name}_FORMS": n for prefix in ("decisions", "actions") for name, n in COUNTS.items()}
    return {"text": text, "edit": "0", "language": "en", **management, **values}


COUNTS = {"TOTAL": "2", "INITIAL": "0"}


def test_the_editor_begins_with_the_agendas_headings(signed_in: SignedIn, held: Meeting, rapporteur: User) -> None:
    answer = signed_in(rapporteur).get(address("minutes_write", held))
    assert answer.context["editor"].text.initial == {"text": "## Welcome\n", "edit": 0, "language": "en"}


def test_saving_makes_text_decisions_and_action_points(
    signed_in: SignedIn, held: Meeting, rapporteur: User, anna: User
) -> None:
    lines = {
        "decisions-0-text": "We meet again.",
        "actions-1-text": "Ask the regions",
        "actions-1-owner": str(anna.pk),
        "actions-1-due": "2026-07-01",
    }
    answer = signed_in(rapporteur).post(address("minutes_write", held), form(**lines))
    assert (answer.status_code, answer["Location"]) == (302, f"/meetings/{held.slug}/minutes/1/")
    minutes = Minutes.objects.get()
    assert (minutes.text, minutes.written_by) == ("## Result\nWe *agree*.", rapporteur)
    assert [line["text"] for line in minutes.decisions] == ["We meet again."]
    point = ActionPoint.objects.get()
    assert (point.text, point.owner, point.due) == ("Ask the regions", anna, dt.date(2026, 7, 1))


def test_the_preview_shows_the_text_and_saves_nothing(signed_in: SignedIn, held: Meeting, rapporteur: User) -> None:
    answer = signed_in(rapporteur).post(address("minutes_write", held), form(do="preview"))
    assert answer.status_code == 200
    assert "<h3>Result</h3>\n<p>We <em>agree</em>.</p>" in answer.content.decode()
    assert not Minutes.objects.exists()


def test_the_second_of_two_writers_sees_both_texts_and_saves_on_purpose(
    signed_in: SignedIn, held: Meeting, rapporteur: User, chair: User
) -> None:
    write(held, chair, "One two three.", decisions=[DecisionLine("Kept.")])
    client = signed_in(rapporteur)
    answer = client.post(address("minutes_write", held), form("One two four."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "One two four.</textarea>" in page
    assert "One two <del>three</del><ins>four</ins>." in page
    assert "<del>Decision: Kept.</del>" in page
    assert Minutes.objects.get().text == "One two three."
    again = client.post(address("minutes_write", held), form("One two four.", edit="1"))
    assert again.status_code == 302
    assert Minutes.objects.get().text == "One two four."


def test_who_writes_on_what_was_approved_meanwhile_begins_a_correction(
    signed_in: SignedIn, held: Meeting, rapporteur: User, chair: User
) -> None:
    circulated = verbs.circulate(minutes=write(held, rapporteur, "One two three."), by=chair)
    verbs.approve(minutes=circulated, by=chair, edit=1)
    client = signed_in(rapporteur)
    answer = client.post(address("minutes_write", held), form("One two four.", edit="1"))
    assert answer.status_code == 409
    assert "Saved by Rita Rapporteur" in answer.content.decode()
    assert client.post(address("minutes_write", held), form("One two four.")).status_code == 302
    texts = held.minutes.order_by("revision").values_list("text", "state")
    assert list(texts) == [("One two three.", "approved"), ("One two four.", "draft")]


def test_a_counter_of_no_text_is_a_conflict_and_no_failure(
    signed_in: SignedIn, held: Meeting, rapporteur: User
) -> None:
    answer = signed_in(rapporteur).post(address("minutes_write", held), form("Text.", edit="7"))
    assert answer.status_code == 409
    assert not Minutes.objects.exists()


def test_a_wrong_day_is_told_at_its_field_and_the_text_stays(
    signed_in: SignedIn, held: Meeting, rapporteur: User
) -> None:
    lines = {"actions-0-text": "Ask", "actions-0-due": "soon"}
    answer = signed_in(rapporteur).post(address("minutes_write", held), form("Long text.", **lines))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Long text.</textarea>" in page
    assert "Enter a valid date." in page
    assert "needs another look" in page


def test_nothing_typed_becomes_markup(signed_in: SignedIn, held: Meeting, rapporteur: User) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x>"
    minutes = write(held, rapporteur, hostile)
    page = signed_in(rapporteur).get(minutes.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page


def test_strangers_find_nothing_and_members_are_told_whose_step_it_is(
    signed_in: SignedIn, held: Meeting, chair: User, anna: User
) -> None:
    minutes = write(held, chair)
    assert Client().get(minutes.get_absolute_url()).status_code == 302
    assert signed_in(user()).get(minutes.get_absolute_url()).status_code == 404
    assert signed_in(anna).get(minutes.get_absolute_url()).status_code == 200
    assert signed_in(anna).get(address("minutes_write", held)).status_code == 403
    assert signed_in(anna).get(address("minutes_step", held, 1, "circulate")).status_code == 403
    assert signed_in(chair).get(address("minutes_step", held, 1, "nonsense")).status_code == 404


def test_from_draft_to_published_on_the_pages(
    signed_in: SignedIn, held: Meeting, rapporteur: User, chair: User, anna: User
) -> None:
    write(held, rapporteur, actions=[ActionLine("Ask", anna.pk, dt.date(2026, 7, 1))])
    office = secretariat()
    for who, step in ((rapporteur, "circulate"), (chair, "approve"), (office, "publish")):
        there = address("minutes_step", held, 1, step)
        shown = signed_in(who).get(there).content.decode()
        assert ("edit" in shown, "(Anna Példa, until 1 July 2026)" in shown) == (True, step != "circulate")
        assert signed_in(who).post(there, {"edit": "1"}).status_code == 302
    held.refresh_from_db()
    assert held.state == "published"
    page = Client().get(address("minutes", held)).content.decode()
    assert "All came." in page
    assert "Ask" in page
    assert "Anna" not in page  # she does not want to be named in public
    anna.show_name_publicly = True
    anna.save()
    assert "Anna" in Client().get(address("minutes", held)).content.decode()


def test_the_approver_of_an_older_text_is_stopped(signed_in: SignedIn, held: Meeting, chair: User) -> None:
    verbs.circulate(minutes=write(held, chair), by=chair)
    write(held, chair, "Other.", edit=1)
    answer = signed_in(chair).post(address("minutes_step", held, 1, "approve"), {"edit": "1"}, follow=True)
    assert "The text was changed since you read it." in answer.content.decode()
    assert Minutes.objects.get().state == "for_comment"


def test_members_comment_and_observers_read(
    signed_in: SignedIn, club: WorkingGroup, held: Meeting, chair: User, anna: User
) -> None:
    minutes = verbs.circulate(minutes=write(held, chair), by=chair)
    there = address("minutes_comment", held, 1)
    assert signed_in(anna).post(there, {"text": "I said maybe."}).status_code == 302
    assert signed_in(member(club, role="observer")).post(there, {"text": "Me too."}).status_code == 403
    assert [comment.text for comment in minutes.comments.all()] == ["I said maybe."]
    assert "I said maybe." in signed_in(anna).get(minutes.get_absolute_url()).content.decode()


def test_a_correction_shows_what_it_changes(signed_in: SignedIn, held: Meeting, chair: User, anna: User) -> None:
    circulated = verbs.circulate(minutes=write(held, chair, "Ten came.\n\nSame."), by=chair)
    verbs.publish(minutes=verbs.approve(minutes=circulated, by=chair, edit=1), by=chair)
    write(held, chair, "Twelve came.\n\nSame.\n\nAdded.")
    page = signed_in(anna).get(address("minutes_changes", held, 2)).content.decode()
    assert '<p class="change-changed"><del>Ten</del><ins>Twelve</ins> came.</p>' in page
    assert '<p class="change-same">Same.</p>' in page
    assert '<p class="change-added"><ins>Added.</ins></p>' in page
    assert Client().get(address("minutes_changes", held, 2)).status_code == 302
    assert signed_in(anna).get(address("minutes_changes", held, 1)).status_code == 404
    assert "Ten came." in Client().get(address("minutes", held)).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_public_minutes_take_seven_queries(
    held: Meeting, club: WorkingGroup, chair: User, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owners = [member(club) for _ in range(many)]
    actions.record_attendance(meeting=held, by=None, lines=[actions.Attendance(each, attended=True) for each in owners])
    lines = [ActionLine("Ask", each.pk) for each in owners]
    circulated = verbs.circulate(minutes=write(held, chair, actions=lines), by=chair)
    minutes = verbs.publish(minutes=verbs.approve(minutes=circulated, by=chair, edit=1), by=chair)
    assert settings.SESSION_COOKIE_NAME
    client = Client()
    client.get(minutes.get_absolute_url())
    with django_assert_num_queries(7):
        client.get(minutes.get_absolute_url())


def test_the_language_of_the_text_is_chosen_and_told_to_those_who_read_aloud(
    signed_in: SignedIn, held: Meeting, rapporteur: User
) -> None:
    Meeting.objects.filter(pk=held.pk).update(languages=["fr", "de"])
    client, editor = signed_in(rapporteur), address("minutes_write", held)
    assert client.get(editor).context["editor"].text["language"].value() == "fr"
    wrong = client.post(editor, form(language="xx"))
    assert list(wrong.context["form"].errors) == ["language"]
    client.post(editor, form(language="de", **{"decisions-0-text": "Wir treffen uns wieder."}))
    assert Minutes.objects.get().language == "de"
    page = client.get(address("minutes", held)).content.decode()
    assert '<div class="prose" lang="de">' in page
    assert '<span lang="de">Wir treffen uns wieder.</span>' in page
    assert '<span class="tag" lang="de">Deutsch</span>' in page
    assert '<span lang="de">Wir treffen' in client.get(held.get_absolute_url()).content.decode()


def test_attendance_taken_after_approval_says_where_it_will_stand(
    signed_in: SignedIn, held: Meeting, chair: User
) -> None:
    minutes = verbs.circulate(minutes=write(held, chair), by=chair, now=AFTER)
    page = address("attendance", held)
    assert "keep who was there" not in signed_in(chair).get(page).content.decode()
    verbs.approve(minutes=minutes, by=chair, edit=minutes.edit, now=AFTER)
    assert "keep who was there" in signed_in(chair).get(page).content.decode()
