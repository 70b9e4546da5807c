"""A meeting clicked through in Chromium, from a poll of dates to public minutes; each letter that leaves is counted."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from meetings.actions import mark_held, remind
from notices.models import Notice
from tests.browser.conftest import from_menu
from tests.browser.screens import OFFICE
from tests.flows.letters import delivered, told

pytestmark = pytest.mark.e2e
TITLE = "What the transition plans need"
JANA, KAROL, LINA, MAREK, NORA, OTTO, PIA, RADU = (
    f"{name}.demo@example.org" for name in ("jana", "karol", "lina", "marek", "nora", "otto", "pia", "radu")
)
CHAIR, RAPPORTEUR = "leader2@example.org", "rapporteur@example.org"
SILENT = [CHAIR, RAPPORTEUR, MAREK, NORA, OTTO, PIA, RADU]
ALL = [*SILENT, JANA, KAROL, LINA]
FIRST, SECOND, MOVED = (timezone.localdate() + dt.timedelta(days=days) for days in (30, 31, 33))
STARTS, ENDS = (dt.datetime.combine(MOVED, at, ZoneInfo("Europe/Brussels")) for at in (dt.time(14), dt.time(16, 30)))
STARTS_FIRST = dt.datetime.combine(SECOND, dt.time(10), ZoneInfo("Europe/Brussels"))
ANSWER = re.compile(r"^(Your answer comes from the date poll: .*?\.|Please answer:)", re.MULTILINE)
LINK = re.compile(r"https?://\S+")
DAY = dt.timedelta(days=1)
ASKED, SOON, SHORTLY = (STARTS - away for away in (14 * DAY, 2 * DAY, dt.timedelta(hours=2)))
AFTERWARDS, OWED = ENDS + 2 * DAY, ENDS + 14 * DAY
BEATS = (ASKED, SOON, SHORTLY, AFTERWARDS, OWED)
SignIn = Callable[[Page, str], None]
Axe = Callable[[Page], list[Any]]


# -- letters ---------------------------------------------------------------------------------------------------------
def in_words(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def left(now: dt.datetime | None = None) -> list[tuple[str, str]]:
    """Let the worker deliver; return who got which letter: everything that left since the last look."""
    return listed(delivered(now))


def bare(letter: EmailMessage) -> str:
    return str(letter.to[0]).partition("<")[2].rstrip(">")


def listed(letters: list[EmailMessage]) -> list[tuple[str, str]]:
    """Return who got which letter; the ledger knows each as sent to this person, under a Message-ID of its own."""
    sent = sorted((letter.extra_headers["Message-ID"], bare(letter)) for letter in letters)
    rows = Notice.objects.filter(state=Notice.State.SENT, message_id__in=[number for number, _ in sent])
    assert sorted(rows.values_list("message_id", "recipient__email")) == sent
    return sorted((bare(letter), str(letter.subject)) for letter in letters)


def letter_to(person: str, letters: Iterable[EmailMessage]) -> EmailMessage:
    [found] = [letter for letter in letters if bare(letter) == person]
    return found


def answer_in(letter: EmailMessage) -> str:
    """Return the sentence of an invitation that says the answer so far, or asks for it."""
    found = ANSWER.search(str(letter.body))
    return found[0] if found else ""


def each(people: Iterable[str], subject: str) -> list[tuple[str, str]]:
    return [(person, subject) for person in sorted(people)]


def links(letter: EmailMessage) -> list[str]:
    return LINK.findall(str(letter.body))


def beat(now: dt.datetime) -> tuple[int, list[tuple[str, str]]]:
    """Let the clock of the reminders strike; return how many were planned and what left."""
    return remind(now=now), left(now)


def hush() -> None:
    """Let the meetings of the demo say beforehand what they say at the hours of ours, so that ours is heard alone."""
    mark_held(now=ENDS)
    for hour in BEATS:
        remind(now=hour)
    unheard = Notice.objects.filter(state=Notice.State.DUE)
    unheard.update(state=Notice.State.SKIPPED, skipped_at=timezone.now(), reason="Nobody listens.")


# -- hands -----------------------------------------------------------------------------------------------------------
def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> Page:
    page.get_by_role("link", name=name, exact=True).click()
    return page


def at_desk(page: Page, name: str) -> Page:
    """Take up what waits for our meeting on the desk."""
    card(from_menu(page, "Desk"), TITLE).get_by_role("link", name=name).click()
    return page


def flash(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").first).to_have_text(sentence)


def card(page: Page, words: str) -> Locator:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=words)


# -- finding a date --------------------------------------------------------------------------------------------------
def draft(office: Page) -> None:
    follow(from_menu(office, "Desk"), "Schedule a meeting")
    office.get_by_label("Working group").select_option("industrial-transition")
    office.get_by_label("Title").fill(TITLE)
    office.get_by_role("radio", name="In person and online").check()
    office.get_by_label("Place").fill("Brussels, room 2")
    office.get_by_label("Join link").fill("https://meet.example.org/plans")
    press(office, "Save as draft")
    flash(office, "The draft is saved. Nobody is invited yet.")


def ask_for_dates(office: Page) -> None:
    at_desk(office, "Set the date")
    follow(office, "Find a date: ask the group which ones suit")
    for number, day in enumerate((FIRST, SECOND), start=1):
        row = office.get_by_role("group", name=f"Date {number}")
        for label, value in {"Date": day.isoformat(), "Start": "10:00", "End": "12:00"}.items():
            row.get_by_label(label).fill(value)
    office.get_by_label("Answers by").fill(f"{FIRST - 10 * DAY}T18:00")
    press(office, "Ask the group")
    flash(office, "The group is asked. Letters are on their way.")


def say(member: Page, first: str, second: str) -> None:
    for day, answer in ((FIRST, first), (SECOND, second)):
        question = member.get_by_role("group", name=in_words(day))
        question.get_by_role("radio", name=answer, exact=True).check()
    press(member, "Send my answers")
    flash(member, "Your answers are noted. You can change them until the deadline.")


def choose(office: Page) -> None:
    best = card(at_desk(office, "See the answers"), "best so far")
    expect(best.get_by_role("heading")).to_contain_text(in_words(SECOND))
    best.get_by_role("link", name="Choose this date").click()
    press(office, "Schedule the meeting")
    flash(office, "The meeting is scheduled. Answers to the poll count as answers to it.")


# -- before ----------------------------------------------------------------------------------------------------------
def set_agenda(office: Page) -> None:
    follow(office, "Edit the agenda")
    rows = office.locator("[data-item]")
    for number, (title, minutes) in enumerate((("Welcome", "15"), ("What the plans lack", "60"))):
        rows.nth(number).get_by_label("Title").fill(title)
        rows.nth(number).get_by_label("Minutes").fill(minutes)
    press(office, "Save the agenda")
    flash(office, "The agenda is saved.")


def move(office: Page) -> None:
    follow(office, "Edit the meeting")
    for label, value in {"Date": MOVED.isoformat(), "Start": "14:00", "End": "16:30"}.items():
        office.get_by_role("group", name="When").get_by_label(label).fill(value)
    press(office, "Save")
    flash(office, "The meeting is changed. Whoever was invited hears of a new time, place or link.")


def answer_by_letter(lina: Page, letter: EmailMessage) -> None:
    """Open the link for "online" that stands in the letter, and send."""
    [online] = [link for link in links(letter) if link.endswith("?answer=online")]
    lina.goto(online)
    expect(lina.get_by_role("radio", name="Yes, online")).to_be_checked()
    press(lina, "Send my answer")
    expect(lina.get_by_role("status")).to_contain_text("Noted: Yes, online.")


# -- afterwards ------------------------------------------------------------------------------------------------------
def take_attendance(office: Page) -> None:
    """Who said yes is proposed; two more are ticked."""
    follow(from_menu(office, "Desk"), TITLE)
    follow(office, "Write down who was there")
    for name in ("Jana Demo", "Lina Demo"):
        expect(came(office, name)).to_be_checked()
    for name in ("Karol Demo", "Marek Demo"):
        came(office, name).check()
    press(office, "Save attendance")
    flash(office, "Attendance is written down.")


def came(office: Page, name: str) -> Locator:
    return office.get_by_role("group", name=name).get_by_role("radio", name="Was there", exact=True)


def write_minutes(office: Page) -> None:
    at_desk(office, "Write the minutes")
    office.get_by_label("Minutes").first.fill("## What the plans lack\n\nPlans name *no* budget.")
    press(office, "Show the preview")
    expect(office.locator("[data-part=preview]").get_by_role("heading")).to_have_text("What the plans lack")
    office.get_by_label("Decision").first.fill("Each plan names its budget.")
    office.get_by_label("What is to be done").first.fill("Collect the budgets")
    office.get_by_label("Who").first.select_option("Karol Demo")
    office.get_by_label("Until").first.fill((MOVED + 20 * DAY).isoformat())
    press(office, "Save")
    flash(office, "The minutes are saved.")


def comment(member: Page, letter: EmailMessage) -> None:
    member.goto(links(letter)[0])
    member.get_by_label("Your comment").fill("One plan does name a budget.")
    press(member, "Comment")
    flash(member, "Your comment stands below the minutes.")


def step(office: Page, name: str, done: str) -> None:
    follow(office, name)
    press(office, name)
    flash(office, done)


def read_minutes(reader: Page) -> None:
    reader.goto("/")
    reader.get_by_role("navigation", name="Main").get_by_role("link", name="Meetings").click()
    follow(reader, TITLE)
    follow(reader, "Read the minutes")
    expect(reader.get_by_role("main")).to_contain_text("Plans name no budget.")
    expect(reader.get_by_role("main")).to_contain_text("Each plan names its budget.")
    expect(reader.get_by_role("heading", name="Comments")).to_have_count(0)
    assert reader.context.cookies() == []


@pytest.mark.usefixtures("own_site")
def test_from_the_poll_to_the_public_minutes(visit: Callable[..., Page], signed_in: SignIn, axe: Axe) -> None:
    hush()
    office, other = visit(OFFICE), visit()
    draft(office)
    assert axe(office) == []
    assert left() == []
    ask_for_dates(office)
    answer_poll(other, signed_in)
    choose(office)
    come_together(office, other)
    hear_of_it_in_time()
    mark_held(now=ENDS)
    assert left() == []
    signed_in(other, KAROL)
    minute(office, other, axe)
    hear_what_came_of_it()
    other.context.clear_cookies()
    read_minutes(other)


def answer_poll(member: Page, signed_in: SignIn) -> None:
    """One finds the question on the dashboard, one by the letter; then the browser is a stranger's again."""
    questions = delivered()
    assert listed(questions) == each(ALL, f"Which date suits you? {TITLE} (Industrial Transition)")
    signed_in(member, JANA)
    member.reload()
    card(from_menu(member, "Dashboard"), TITLE).get_by_role("link", name="Answer").click()
    say(member, "No", "Yes")
    signed_in(member, KAROL)
    member.goto(links(letter_to(KAROL, questions))[0])
    say(member, "If need be", "If need be")
    member.context.clear_cookies()
    assert left() == []


def come_together(office: Page, lina: Page) -> None:
    """Invitations, an answer by letter, the agenda, another time."""
    invitations = delivered()
    assert listed(invitations) == each(ALL, f"Invitation: {TITLE}, {in_words(SECOND)}")
    assert {told(letter) for letter in invitations} == {("REQUEST", 0, "CONFIRMED", STARTS_FIRST)}
    assert {email: answer_in(letter_to(email, invitations)) for email in (JANA, KAROL, LINA)} == {
        JANA: "Your answer comes from the date poll: Yes, in the room.",
        KAROL: "Your answer comes from the date poll: Maybe.",
        LINA: "Please answer:",
    }
    answer_by_letter(lina, letter_to(LINA, invitations))
    assert left() == []
    set_agenda(office)
    assert left() == []
    move(office)
    news = delivered()
    assert listed(news) == each(ALL, f"New time: {TITLE}, {in_words(MOVED)}")
    assert {told(letter) for letter in news} == {("REQUEST", 1, "CONFIRMED", STARTS)}


def hear_of_it_in_time() -> None:
    """Each reminder leaves once, however often the clock strikes; the site's rules say who gets it."""
    day = in_words(MOVED)
    assert beat(ASKED) == (7, each(SILENT, f"Will you come? {TITLE}, {day}"))
    assert beat(SOON) == (3, each([JANA, KAROL, LINA], f"Soon: {TITLE}, {day}"))
    assert beat(SHORTLY) == (3, each([JANA, KAROL, LINA], f"Join link: {TITLE}, {day}"))
    assert [beat(hour) for hour in (ASKED, SOON, SHORTLY)] == [(0, [])] * 3


def minute(office: Page, karol: Page, axe: Axe) -> None:
    """Attendance, minutes, a comment, approval, publication: one letter to each member in all."""
    take_attendance(office)
    assert axe(office) == []
    assert left() == []
    write_minutes(office)
    assert left() == []
    follow(office, "Open for comments")
    assert axe(office) == []
    press(office, "Open for comments")
    flash(office, "The minutes are open for comments.")
    asked = delivered()
    assert listed(asked) == each(ALL, f"Minutes for comment: {TITLE}, {in_words(MOVED)}")
    comment(karol, letter_to(KAROL, asked))
    assert left() == []
    at_desk(office, "Approve the minutes")
    expect(office.get_by_role("main")).to_contain_text("One plan does name a budget.")
    step(office, "Approve", "The minutes are approved.")
    assert left() == []
    at_desk(office, "Publish the minutes")
    step(office, "Publish", "The minutes are public.")
    assert left() == []


def hear_what_came_of_it() -> None:
    remind(now=AFTERWARDS)
    letters = delivered(AFTERWARDS)
    subject = f"Minutes and actions: {TITLE}, {in_words(MOVED)}"
    assert listed(letters) == each(ALL, subject)
    assert [bare(letter) for letter in letters if "Your action points\n* Collect the budgets" in letter.body] == [KAROL]
    assert beat(AFTERWARDS) == (0, [])
    assert beat(OWED) == (1, each([KAROL], subject))
    assert beat(OWED) == (0, [])
