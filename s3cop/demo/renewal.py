"""Moves the relative records of a loaded demo to another day. What has ended stays ended: rounds never open again."""

from challenges.models import RankingRound
from meetings import actions
from meetings.models import Meeting
from s3cop.demo.book import Book, Record, instant, moment
from s3cop.demo.calendar import times
from s3cop.demo.community import office
from s3cop.demo.register import find_round


def renew(book: Book) -> dict[str, int]:
    """Move coming meetings and open rounds; return how many of each moved."""
    meetings = [record for record in book.records("meetings.meetings") if _is_relative(record)]
    rounds = [record for record in book.records("challenges.rounds") if record["relative"]]
    return {
        "moved meetings": sum(_move_meeting(record, book) for record in meetings),
        "moved rounds": sum(_move_round(record) for record in rounds),
    }


def _is_relative(record: Record) -> bool:
    return record["relative"] or record["days_ahead"] is not None


def _move_meeting(record: Record, book: Book) -> bool:
    """A meeting that was held meanwhile is planned again: the demo's check-in is always tomorrow."""
    meeting = Meeting.objects.get(slug=record["slug"])
    start, end = times(record, book.today)
    if start is None or meeting.starts_at == start:
        return False
    Meeting.objects.filter(pk=meeting.pk, state=Meeting.State.HELD).update(state=Meeting.State.SCHEDULED)
    actions.edit(
        meeting=meeting,
        by=office(),
        starts_at=start,
        ends_at=end,
        reply_by=moment(record["reply_by"], record["timezone"]),
    )
    return True


def _move_round(record: Record) -> bool:
    round_ = find_round(record)
    if round_ is None or round_.state != RankingRound.State.OPEN:
        return False
    opens, closes = instant(record["opens_at"]), moment(record["closes_at"])
    same = RankingRound.objects.filter(pk=round_.pk, opens_at=opens, closes_at=closes)
    if same.exists():
        return False
    return bool(RankingRound.objects.filter(pk=round_.pk).update(opens_at=opens, closes_at=closes))
