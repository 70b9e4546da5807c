"""Loads meetings with agenda, replies and attendance, and the reminder rules."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from challenges.actions import set_agenda_items
from challenges.models import Challenge
from meetings import actions
from meetings.models import AgendaItem, Attendee, Meeting, ReminderRule
from people.models import User
from s3cop.demo.book import Book, Record, instant, moment
from s3cop.demo.community import everybody, group, office, person
from s3cop.demo.timeline import Deed

PLANNED = {Meeting.State.SCHEDULED, Meeting.State.POLLING}
AHEAD = dt.timedelta(days=30)  # invitations leave so long before a meeting
AGO = dt.timedelta(days=7)  # and at the latest so long before the day of loading
LATER = dt.timedelta(days=1)
DURATION = re.compile(r"-P(?:(\d+)D)?(?:T(\d+)H)?$")


def load_rules(book: Book) -> int:
    """Set the site's rules as the file has them; the defaults of the installation are the same letters and times."""
    new = 0
    for record in book.records("meetings.reminder_rules"):
        days, hours = (int(part or 0) for part in DURATION.match(record["offset"]).groups())  # type: ignore[union-attr]
        key: dict[str, Any] = {
            "letter": record["kind"],
            "anchor": "start",
            "offset": -dt.timedelta(days=days, hours=hours),
        }
        about: dict[str, Any] = {"group": group(record["group"]) if record["group"] else None, "meeting": None}
        _rule, created = ReminderRule.objects.update_or_create(**key, **about, defaults={"audience": record["to"]})
        new += created
    return new


def times(record: Record, today: dt.date) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Start and end in UTC; a record with `days_ahead` starts so many days after loading, at its local hours."""
    if record["days_ahead"] is None:
        return moment(record["starts_at"], record["timezone"]), moment(record["ends_at"], record["timezone"])
    day = today + dt.timedelta(days=record["days_ahead"])
    start, end = (instant(f"{day}T{record[name]}", record["timezone"]) for name in ("starts_at", "ends_at"))
    return start, end


def meeting_deeds(book: Book) -> Iterator[Deed]:
    agenda, invited = defaultdict(list), defaultdict(list)
    for line in book.records("meetings.agenda"):
        agenda[line["meeting"]].append(line)
    for invitation in book.records("meetings.invitations"):
        invited[invitation["meeting"]].append(invitation)
    minuted = {record["meeting"] for record in book.records("meetings.minutes")}
    for record in book.records("meetings.meetings"):
        own = agenda[record["slug"]]
        if record["slug"] in minuted:
            record["state"] = Meeting.State.HELD  # its minutes bring it further
        at = _begins(record, book.today)
        yield Deed(at, "meetings", partial(_enter, record, own, book.today, at))
        yield Deed(at + LATER, "replies", partial(_answers, record["slug"], invited[record["slug"]], at + LATER))


def _begins(record: Record, today: dt.date) -> dt.datetime:
    """When the portal hears of it: a past meeting on the morning of its day, a coming one when invitations leave."""
    start, _end = times(record, today)
    day = start or instant(record["approx_date"], hour=0)
    if record["state"] not in PLANNED:
        return day.replace(hour=0, minute=0)
    return min(day - AHEAD, instant(today.isoformat(), hour=0) - AGO)


def _enter(record: Record, agenda: list[Record], today: dt.date, at: dt.datetime) -> bool:
    if Meeting.objects.filter(slug=record["slug"]).exists():
        return False
    start, end = times(record, today)
    lines = [actions.AgendaLine(line["title"], line["minutes"], _lead(line)) for line in agenda]
    details = actions.Details(
        title=record["title"],
        slug=record["slug"],
        starts_at=start,
        ends_at=end,
        approx_date=record["approx_date"] or "",
        timezone=record["timezone"],
        mode=record["mode"],
        place=record["place"] or "",
        join_url=record["join_url"] or "",
        reply_by=moment(record["reply_by"], record["timezone"]),
    )
    at_whose, by = group(record["group"]), office()
    if record["state"] == Meeting.State.SCHEDULED:
        actions.schedule(group=at_whose, by=by, agenda=lines, now=at, **details)
    elif record["state"] == Meeting.State.POLLING:
        drafted = actions.draft(group=at_whose, by=by, agenda=lines, now=at, **details)
        actions.look_for_date(meeting=drafted, by=by, now=at)
    else:
        actions.record_past(
            group=at_whose,
            by=by,
            agenda=lines,
            state=record["state"],
            reason=record["cancel_reason"] or "",
            now=end or at + LATER,
            **details,
        )
    return True


def _lead(line: Record) -> User | None:
    return person(line["lead"]) if line["lead"] else None


def _answers(slug: str, invitations: list[Record], at: dt.datetime) -> bool:
    """Replies to a coming meeting one by one; of a past one the replies with the attendance."""
    meeting = Meeting.objects.get(slug=slug)
    given = any(line["reply"] for line in invitations)
    if not given or meeting.attendees.exclude(reply=Attendee.Reply.NONE).exists():
        return False
    people = everybody()
    if meeting.state == Meeting.State.SCHEDULED:
        for line in invitations:
            if line["reply"]:
                by, substitute = people[line["user"]], line["substitute"] or ""
                actions.reply(meeting=meeting, by=by, reply=line["reply"], substitute=substitute, now=at)
        return True
    lines = [
        actions.Attendance(people[i["user"]], i["attended"], i["reply"] or "none", i["substitute"] or "")
        for i in invitations
    ]
    actions.record_attendance(meeting=meeting, by=office(), lines=lines, now=meeting.ends_at)
    return True


def link_agenda(book: Book) -> int:
    """Tie agenda items to the challenges they are about; rounds name their item themselves."""
    new = 0
    for line in book.records("meetings.agenda"):
        slugs = [link.removeprefix("challenge:") for link in line["links"] if link.startswith("challenge:")]
        if not slugs:
            continue
        item = AgendaItem.objects.get(meeting__slug=line["meeting"], title=line["title"])
        for challenge in Challenge.objects.filter(slug__in=slugs).exclude(agenda_items=item):
            items = [*challenge.agenda_items.all(), item]
            set_agenda_items(challenge=challenge, items=items, by=office(), now=item.meeting.announced_at)
            new += 1
    return new
