"""Loads date polls with what members answered."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from meetings import actions
from meetings.models import DatePoll, Meeting
from s3cop.demo.book import Book, Record, instant
from s3cop.demo.community import office, person
from s3cop.demo.timeline import Deed

BEFORE = dt.timedelta(days=5)  # the group is asked so long before the day of loading
LATER = dt.timedelta(hours=3)
LENGTH = dt.timedelta(hours=3)


def poll_deeds(book: Book) -> Iterator[Deed]:
    at = instant(book.today.isoformat(), hour=9) - BEFORE
    for record in book.records("meetings.date_polls"):
        yield Deed(at, "date polls", partial(_ask, record, at))


def _ask(record: Record, at: dt.datetime) -> bool:
    meeting = Meeting.objects.get(slug=record["meeting"])
    if DatePoll.objects.filter(meeting=meeting).exists():
        return False
    starts = [instant(text, meeting.timezone) for text in record["options"]]
    poll = actions.open_poll(
        meeting=meeting,
        by=office(),
        slots=[actions.Slot(start, start + LENGTH) for start in starts],
        closes_at=instant(record["closes_at"], meeting.timezone),
        now=at,
    )
    slots = {slot.starts_at: slot.pk for slot in poll.slots.order_by("pk")}
    for line in record["answers"]:
        said = {slots[start]: answer for start, answer in zip(starts, line["answers"], strict=True)}
        actions.answer_poll(poll=poll, by=person(line["user"]), answers=said, now=at + LATER)
    return True
