"""The link of a letter: it shows on GET, changes on POST, belongs to one person, and ends with the start."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import actions
from meetings.models import Meeting
from meetings.tokens import reply_path
from people.models import User
from tests.factories import member
from workinggroups.models import Membership, WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def coming(plan: Plan) -> Callable[..., Meeting]:
    def scheduled(**values: object) -> Meeting:
        starts_at = timezone.now().replace(microsecond=0) + 30 * DAY
        times = {"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, "now": timezone.now() - DAY}
        return plan(**(times | values))

    return scheduled


def link(meeting: Meeting, person: User) -> str:
    return reply_path(meeting.attendees.get(user=person))


def test_the_link_shows_the_question_and_changes_nothing(coming: Plan, anna: User) -> None:
    meeting = coming()
    page = Client().get(f"{link(meeting, anna)}?answer=online")
    text = page.content.decode()
    assert (page.status_code, "Anna Példa" in text, meeting.when in text) == (200, True, True)
    assert page.context["form"]["reply"].value() == "online"
    assert meeting.attendees.get().reply == "none"
    assert set(page.cookies) == {"csrftoken"}
    assert "no-store" in page["Cache-Control"]


def test_the_button_answers_without_signing_in_and_the_page_says_what_was_noted(coming: Plan, anna: User) -> None:
    meeting, client = coming(), Client()
    address = link(meeting, anna)
    sent = {"reply": "no", "substitute": "Béla", "substitute_email": "bela@example.org"}
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, address)
    attendee = meeting.attendees.get()
    assert (attendee.reply, attendee.substitute, attendee.substitute_email) == ("no", "Béla", "bela@example.org")
    shown = client.get(address)
    assert "Noted: No." in shown.content.decode()
    assert "sessionid" not in shown.cookies


def test_the_page_does_not_accept_a_form_of_another_site(coming: Plan, anna: User) -> None:
    meeting = coming()
    assert Client(enforce_csrf_checks=True).post(link(meeting, anna), {"reply": "yes"}).status_code == 403
    assert meeting.attendees.get().reply == "none"


@pytest.mark.parametrize(
    "sent", [{"reply": ""}, {"reply": "perhaps"}, {"reply": "online"}, {"reply": "no", "substitute_email": "x"}]
)
def test_what_is_wrong_is_said_beside_the_field(coming: Plan, anna: User, sent: dict[str, str]) -> None:
    meeting = coming(mode="in_person")
    page = Client().post(link(meeting, anna), sent)
    assert (page.status_code, bool(page.context["form"].errors)) == (200, True)
    assert meeting.attendees.get().reply == "none"


def test_a_full_room_is_told_before_and_after(coming: Plan, club: WorkingGroup, anna: User) -> None:
    other = member(club)
    meeting = coming(capacity=1)
    actions.reply(meeting=meeting, by=other, reply="yes")
    client, address = Client(), link(meeting, anna)
    assert "Whoever says yes now waits for one" in client.get(address).content.decode()
    refused = client.post(address, {"reply": "no", "substitute": "Béla", "substitute_email": ""})
    assert list(refused.context["form"].errors) == ["substitute"]
    client.post(address, {"reply": "yes", "substitute": "", "substitute_email": ""})
    assert "Noted: yes, on the waiting list." in client.get(address).content.decode()


@pytest.mark.parametrize("token", ["forged", "1.forged", f"{signing.Signer(salt='another', sep='.').sign('1')}", "%00"])
def test_a_link_that_was_not_made_here_gets_a_page_that_helps(token: str) -> None:
    page = Client().get(f"/reply/{token}/")
    assert (page.status_code, "copy the whole link" in page.content.decode()) == (404, True)


def test_after_the_start_the_link_takes_no_answer(coming: Plan, anna: User) -> None:
    meeting = coming()
    now = timezone.now()
    Meeting.objects.update(starts_at=now - HOUR, ends_at=now + HOUR)
    for page in (Client().get(link(meeting, anna)), Client().post(link(meeting, anna), {"reply": "yes"})):
        assert (page.status_code, "The meeting has begun" in page.content.decode()) == (410, True)
    assert meeting.attendees.get().reply == "none"


def test_a_cancelled_meeting_says_why(coming: Plan, anna: User) -> None:
    meeting = coming()
    address = link(meeting, anna)
    actions.cancel(meeting=meeting, by=None, reason="A strike.")
    page = Client().get(address)
    assert (page.status_code, "A strike." in page.content.decode()) == (410, True)


def test_who_left_the_group_or_lost_the_account_answers_no_more(coming: Plan, anna: User, eleni: User) -> None:
    meeting = coming()
    Membership.objects.filter(user=anna).update(status=Membership.Status.ENDED, ended_on=timezone.now().date())
    User.objects.filter(pk=eleni.pk).update(is_active=False)
    for person in (anna, eleni):
        page = Client().post(link(meeting, person), {"reply": "yes"})
        assert (page.status_code, "not invited any more" in page.content.decode()) == (410, True)
    assert set(meeting.attendees.values_list("reply", flat=True)) == {"none"}


def test_the_link_of_one_person_answers_for_nobody_else(coming: Plan, anna: User, eleni: User) -> None:
    meeting = coming()
    client = Client()
    client.force_login(eleni)
    client.post(link(meeting, anna), {"reply": "yes"})
    assert dict(meeting.attendees.values_list("user", "reply")) == {anna.pk: "yes", eleni.pk: "none"}


def test_the_address_of_the_page_and_of_the_link_differ(coming: Plan, anna: User) -> None:
    meeting = coming()
    assert link(meeting, anna) != reverse("meetings:reply", args=[meeting.slug])
