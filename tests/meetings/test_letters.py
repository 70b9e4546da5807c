"""What the letters say: when, on whose clock, where to answer, why; and the calendar that comes along."""

import datetime as dt
from collections.abc import Callable
from email.message import Message
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from icalendar import Calendar

from challenges.models import Elector, RankingRound
from meetings import actions, before, kinds
from meetings.actions import AgendaLine
from meetings.models import Attendee, Meeting
from meetings.tokens import reply_path
from notices import delivery, letters
from notices.models import Notice
from people.models import User
from tests.meetings.conftest import PLANNED, STARTS

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
WHEN = "Monday 15 June 2026, 10:00–12:30, Brussels time (CEST, UTC+02:00)"


def sent(now: dt.datetime) -> EmailMultiAlternatives:
    """Deliver what is due and return the one letter that left."""
    mail.outbox.clear()
    delivery.deliver(now=now)
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    return letter


def calendar_of(letter: EmailMultiAlternatives) -> Any:
    (part,) = [part for part in letter.message().walk() if part.get_content_type() == "text/calendar"]
    assert isinstance(part, Message)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = Calendar.from_ical(content)
    assert str(calendar["METHOD"]) == part.get_param("method")
    return calendar


def event_of(letter: EmailMultiAlternatives) -> Any:
    (event,) = calendar_of(letter).walk("VEVENT")
    return event


def invitation(link: str) -> str:
    return f"""Dear Ελένη Παράδειγμα,

The working group “The club” invites you to a meeting.

Ninth meeting
{WHEN}
Your time: 11:00–13:30, Athens time (EEST, UTC+03:00)
In person and online: Brussels, room 2
Join online: https://meet.example.org/ninth
Languages: English, français

How to get there
Tram 92 to Park.
The lift is on the left.

Agenda
10:00  Welcome (15 minutes)
10:15  Ranking (45 minutes)

Please answer by Monday 8 June 2026, 10:00, Brussels time (CEST, UTC+02:00).
Your time: 11:00, Athens time (EEST, UTC+03:00)

Yes, in the room:
{link}?answer=yes
Yes, online:
{link}?answer=online
Maybe:
{link}?answer=maybe
No:
{link}?answer=no
The links are yours alone: they answer without signing in, until the meeting starts.

The meeting’s page:
http://127.0.0.1:8000/meetings/ninth-meeting/

Kind regards,
The secretariat of the S3 Community of Practice

--
You get this letter because you are a member of the working group “The club” and invited to this meeting.
Which letters you get, and when: http://127.0.0.1:8000/account/letters/
Questions? Answer this letter, or write to club@example.org.
S3 Community of Practice: http://127.0.0.1:8000/
"""


@pytest.mark.usefixtures("eleni")
def test_the_invitation_says_all_there_is_to_know(plan: Plan) -> None:
    plan(
        agenda=[AgendaLine("Welcome", 15), AgendaLine("Ranking", 45)],
        reply_by=STARTS - 7 * DAY,
        languages=["fr", "en"],
        directions="Tram 92 to Park.\nThe lift is on the left.",
    )
    letter = sent(PLANNED)
    link = f"http://127.0.0.1:8000{reply_path(Attendee.objects.get())}"
    assert letter.subject == "Invitation: Ninth meeting, Monday 15 June 2026"
    assert letter.reply_to == ["club@example.org"]
    assert letter.body == invitation(link)


@pytest.mark.usefixtures("eleni")
def test_the_way_to_a_room_is_in_both_parts_and_not_where_nobody_goes(plan: Plan) -> None:
    way = {"directions": "Tram 92 <to> Park.\nhttps://map.example.org/", "languages": ["el"]}
    plan(**way)
    html = str(sent(PLANNED).alternatives[0][0])
    assert 'Tram 92 &lt;to&gt; Park.<br><a href="https://map.example.org/"' in html
    assert ("In person and online: Brussels, room 2" in html, "Languages: ελληνικά" in html) == (True, True)
    plan(**way, mode="online", title="Tenth meeting")
    letter = sent(PLANNED)
    assert [
        line for line in letter.body.splitlines() if "Tram" in line or line.startswith(("Online", "In person"))
    ] == ["Online"]


@pytest.mark.usefixtures("eleni")
def test_the_invitation_brings_the_meeting_into_the_calendar(plan: Plan) -> None:
    meeting = plan()
    event = event_of(sent(PLANNED))
    assert (event["DTSTART"].dt, event["UID"], event["SEQUENCE"]) == (STARTS, str(meeting.uid), 0)
    assert str(event["ATTENDEE"]) == "mailto:eleni@example.org"
    assert str(event["ORGANIZER"]) == "mailto:club@example.org"
    assert str(event["DESCRIPTION"]) == (
        f"{WHEN}\nYour time: 11:00–13:30, Athens time (EEST, UTC+03:00)\n"
        "Join online: https://meet.example.org/ninth\n"
        "Answer here: http://127.0.0.1:8000/meetings/ninth-meeting/reply/"
    )


def test_news_of_a_new_time_asks_whether_the_answer_still_holds(plan: Plan, anna: User) -> None:
    meeting = plan()
    sent(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="no", now=PLANNED)
    actions.edit(meeting=meeting, by=None, starts_at=STARTS + HOUR, ends_at=STARTS + 2 * HOUR, now=PLANNED + DAY)
    letter = sent(PLANNED + DAY)
    assert letter.subject == "New time: Ninth meeting, Monday 15 June 2026"
    assert "has a new time" in letter.body
    assert f"\n\nUntil now it was:\n{WHEN}\n\n" in letter.body
    assert "Until now it was:<br>" in str(letter.alternatives[0][0])
    assert "Your answer so far: No. Does it still hold? Change it here:" in letter.body
    event = event_of(letter)
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (STARTS + HOUR, 1)


@pytest.mark.usefixtures("anna")
def test_news_of_a_new_room_is_no_new_time(plan: Plan) -> None:
    meeting = plan()
    sent(PLANNED)
    actions.edit(meeting=meeting, by=None, place="Room 3", now=PLANNED + DAY)
    letter = sent(PLANNED + DAY)
    assert letter.subject == "Changed: Ninth meeting, Monday 15 June 2026"
    assert "In person and online: Room 3" in letter.body
    assert "Until now it was:\nIn person and online: " in letter.body


def test_news_compares_with_what_the_last_letter_said_that_left(plan: Plan, anna: User) -> None:
    meeting = plan()
    sent(PLANNED)
    for hours in (1, 2):  # the first news waits still when the second replaces it
        later = STARTS + hours * HOUR
        actions.edit(meeting=meeting, by=None, starts_at=later, ends_at=later + HOUR, now=PLANNED + hours * HOUR)
    [news] = Notice.objects.filter(recipient=anna, kind="meetings.update", state="due")
    assert before.words(news.payload["was"], Meeting.objects.get()) == [WHEN]
    actions.edit(meeting=meeting, by=None, starts_at=STARTS, ends_at=meeting.ends_at, now=PLANNED + DAY)
    [back] = Notice.objects.filter(recipient=anna, kind="meetings.update", state="due")
    assert before.words(back.payload["was"], Meeting.objects.get()) == []


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize(
    ("verb", "subject", "words"),
    [
        (actions.cancel, "Cancelled: Ninth meeting, Monday 15 June 2026", "is cancelled:"),
        (actions.postpone, "Postponed: Ninth meeting, Monday 15 June 2026", "is postponed. You will hear"),
    ],
)
def test_a_meeting_that_is_off_leaves_the_calendar_and_says_why(
    plan: Plan, verb: Callable[..., Meeting], subject: str, words: str
) -> None:
    meeting = plan()
    uid = event_of(sent(PLANNED))["UID"]
    verb(meeting=meeting, by=None, reason="A strike <b>everywhere</b>.", now=PLANNED + DAY)
    letter = sent(PLANNED + DAY)
    assert (letter.subject, words in letter.body, WHEN in letter.body) == (subject, True, True)
    assert "Reason: A strike <b>everywhere</b>." in letter.body
    assert "A strike &lt;b&gt;everywhere&lt;/b&gt;." in str(letter.alternatives[0][0])
    calendar, event = calendar_of(letter), event_of(letter)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (event["UID"], event["SEQUENCE"]) == (uid, 1)


@pytest.mark.usefixtures("anna")
def test_two_weeks_before_the_letter_asks(plan: Plan) -> None:
    plan()
    sent(PLANNED)
    actions.remind(now=STARTS - 14 * DAY)
    letter = sent(STARTS - 14 * DAY)
    assert letter.subject == "Will you come? Ninth meeting, Monday 15 June 2026"
    assert f"http://127.0.0.1:8000{reply_path(Attendee.objects.get())}?answer=yes" in letter.body


def test_two_days_before_the_letter_brings_agenda_and_open_ballots(plan: Plan, anna: User) -> None:
    meeting = plan(agenda=[AgendaLine("Ranking", 45)])
    sent(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    for title, state, voted in [("Open", "open", False), ("Done", "open", True), ("Draft", "draft", False)]:
        ranking = RankingRound.objects.create(
            group=meeting.group, meeting=meeting, title=f"{title} round", question="Which?"
        )
        Elector.objects.create(round=ranking, user=anna, has_voted=voted)
        RankingRound.objects.filter(pk=ranking.pk).update(state=state, opened_at=PLANNED if state == "open" else None)
    actions.remind(now=STARTS - 2 * DAY)
    letter = sent(STARTS - 2 * DAY)
    assert letter.subject == "Soon: Ninth meeting, Monday 15 June 2026"
    assert "10:00  Ranking (45 minutes)" in letter.body
    assert [line for line in letter.body.splitlines() if line.endswith(" round")] == ["Open round"]


def test_two_hours_before_the_letter_brings_the_link(plan: Plan, anna: User) -> None:
    meeting = plan(mode="online")
    sent(PLANNED)
    actions.reply(meeting=meeting, by=anna, reply="yes", now=PLANNED)
    actions.remind(now=STARTS - 2 * HOUR)
    letter = sent(STARTS - 2 * HOUR)
    assert letter.subject == "Join link: Ninth meeting, Monday 15 June 2026"
    assert "Join online: https://meet.example.org/ninth" in letter.body


def test_every_kind_of_this_room_is_registered_with_a_description() -> None:
    assert {kind for kind in kinds.ALL if letters.letter_of(kind).describes} == set(kinds.ALL)


def test_a_letter_about_a_meeting_that_is_gone_is_not_sent(plan: Plan, anna: User) -> None:
    meeting = plan()
    meeting.delete()
    mail.outbox.clear()
    delivery.deliver(now=PLANNED)
    assert [(row.state, row.reason) for row in anna.notices.all()] == [("skipped", "meeting removed")]
    assert mail.outbox == []
