"""Moves what is to come in a loaded demo to another day. What has ended, or was done by somebody, stays as it is."""

import datetime as dt
from collections.abc import Callable

from challenges.models import RankingRound
from meetings import actions
from meetings.models import ActionPoint, DatePoll, Meeting, Webinar
from s3cop.demo.book import Book, Record, instant, moment
from s3cop.demo.calendar import times
from s3cop.demo.community import office
from s3cop.demo.register import find_round


def renew(book: Book) -> dict[str, int]:
    """Move the dates of relative records to the day of the book; return how many of each section moved."""
    return {
        f"moved {name}": sum(move(record, book) for record in book.records(section) if _is_relative(record))
        for name, section, move in MOVES
    }


def _is_relative(record: Record) -> bool:
    return record["relative"] or record.get("days_ahead") is not None


def _move_meeting(record: Record, book: Book) -> bool:
    """A meeting that was held meanwhile is planned again: the demo's check-in is always tomorrow."""
    meeting = Meeting.objects.get(slug=record["slug"])
    _plan_again(meeting)
    start, end = times(record, book.today)
    if start is None:
        return _move_approximately(meeting, record["approx_date"])
    if meeting.starts_at == start or meeting.state not in Meeting.PLANNED:
        return False
    reply_by = moment(record["reply_by"], record["timezone"])
    actions.edit(meeting=meeting, by=office(), starts_at=start, ends_at=end, reply_by=reply_by)
    return True


def _plan_again(meeting: Meeting) -> None:
    """Nobody has attended a meeting that is still to come, and no item of it has begun."""
    if meeting.state == Meeting.State.HELD:
        Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.SCHEDULED)
        meeting.agenda.update(began_at=None, ended_at=None)
        meeting.attendees.update(attended=None)
        meeting.refresh_from_db()


def _move_approximately(meeting: Meeting, date: str) -> bool:
    """A meeting that got its date meanwhile keeps it."""
    if meeting.starts_at or meeting.approx_date == date or meeting.state not in Meeting.PLANNED:
        return False
    actions.edit(meeting=meeting, by=office(), approx_date=date)
    return True


def _move_poll(record: Record, _book: Book) -> bool:
    """Each slot by itself, the farthest first: two slots of a poll never stand at one time, not even on the way."""
    poll = DatePoll.objects.open().filter(meeting__slug=record["meeting"]).select_related("meeting").first()
    if poll is None or poll.slots.count() != len(record["options"]):
        return False
    zone = poll.meeting.timezone
    closes, wanted = instant(record["closes_at"], zone), [instant(text, zone) for text in record["options"]]
    pairs = list(zip(poll.slots.order_by("starts_at"), wanted, strict=True))
    by = wanted[0] - pairs[0][0].starts_at
    if not by and poll.closes_at == closes:
        return False
    DatePoll.objects.filter(pk=poll.pk).update(closes_at=closes)
    for slot, start in pairs[::-1] if by > dt.timedelta() else pairs:
        slot.starts_at, slot.ends_at = start, start + (slot.ends_at - slot.starts_at)
        slot.save(update_fields=["starts_at", "ends_at"])
    return True


def _move_webinar(record: Record, _book: Book) -> bool:
    """Registration opens again where the clock has closed it; one that somebody cancelled stays cancelled."""
    webinar = Webinar.objects.get(slug=record["slug"])
    starts, ends = (moment(record[name], record["timezone"]) for name in ("starts_at", "ends_at"))
    overtaken = (Webinar.State.REGISTRATION_CLOSED, Webinar.State.HELD)
    if webinar.starts_at == starts or webinar.state not in {*Webinar.PLANNED, *overtaken}:
        return False
    Webinar.objects.filter(pk=webinar.pk, state__in=overtaken).update(state=record["state"])
    actions.edit_webinar(webinar=webinar, by=office(), starts_at=starts, ends_at=ends)
    return True


def _move_point(record: Record, _book: Book) -> bool:
    """The row moves; the approved minutes keep what was said."""
    point = ActionPoint.objects.open().filter(meeting__slug=record["meeting"], text=record["text"])
    return bool(point.exclude(due=record["due"]).update(due=record["due"]))


def _move_round(record: Record, _book: Book) -> bool:
    """Rounds never open again."""
    round_ = find_round(record)
    if round_ is None or round_.state != RankingRound.State.OPEN:
        return False
    opens, closes = instant(record["opens_at"]), moment(record["closes_at"])
    same = RankingRound.objects.filter(pk=round_.pk, opens_at=opens, closes_at=closes)
    if same.exists():
        return False
    return bool(RankingRound.objects.filter(pk=round_.pk).update(opens_at=opens, closes_at=closes))


MOVES: list[tuple[str, str, Callable[[Record, Book], bool]]] = [
    ("meetings", "meetings.meetings", _move_meeting),
    ("date polls", "meetings.date_polls", _move_poll),
    ("webinars", "outcomes.webinars", _move_webinar),
    ("action points", "meetings.actions", _move_point),
    ("rounds", "challenges.rounds", _move_round),
]
