"""Loads minutes with their decisions and action points, what became of these, and the papers of meetings."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial

from meetings.actions import materials, points
from meetings.actions import minutes as verbs
from meetings.actions.minutes import ActionLine, DecisionLine, Wording
from meetings.models import ActionPoint, Material, Meeting, Minutes
from notices.models import Notice
from s3cop.demo.book import Book, Record, instant
from s3cop.demo.community import office, person
from s3cop.demo.timeline import Deed

State = Minutes.State
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CLAUSE = re.compile(r"(?<=[.,;])\s+")


def paper_deeds(book: Book) -> Iterator[Deed]:
    lines = defaultdict(list)
    for section in ("meetings.decisions", "meetings.actions"):
        for line in book.records(section):
            lines[section, line["meeting"]].append(line)
    for record in book.records("meetings.minutes"):
        slug = record["meeting"]
        yield from _minutes(record, lines["meetings.decisions", slug], lines["meetings.actions", slug])
    for record in book.records("meetings.actions"):
        yield from _outcome(record)
    for record in book.records("meetings.materials"):
        for number in range(1, record["version"] + 1):
            yield Deed(_handed_in(book, record, number), "papers", partial(_paper, record, number, book))


# -- minutes ---------------------------------------------------------------------------------------------------------
def _minutes(record: Record, decisions: list[Record], actions: list[Record]) -> Iterator[Deed]:
    """Every revision goes its way: written, for comment, approved; the last one stands where the file says."""
    approved, last = instant(record["approved_on"]), record["revision"]
    for number in range(1, last + 1):
        before = (last - number) * DAY  # the last correction was approved on the day of the file
        at = approved - before
        written = at - (10 * DAY if number == 1 else 4 * HOUR)
        yield Deed(written, "minutes", partial(_write, record, number, decisions, actions, written))
        for to, moment in ((State.FOR_COMMENT, written + HOUR), (State.APPROVED, at)):
            yield Deed(moment, "steps of minutes", partial(_step, record, number, to, moment))
    if record["state"] == State.PUBLISHED:
        at = approved + HOUR
        yield Deed(at, "steps of minutes", partial(_step, record, last, State.PUBLISHED, at))


def _body(record: Record, number: int) -> str:
    """Return the text of a revision: each correction adds the clause that was missing."""
    clauses = list(CLAUSE.finditer(record["body"]))
    missing = record["revision"] - number
    cut = record["body"][: clauses[-missing].start()] if missing else record["body"]
    return re.sub(r"[,;]$", ".", str(cut))


def _write(record: Record, number: int, decisions: list[Record], actions: list[Record], at: dt.datetime) -> bool:
    meeting = Meeting.objects.get(slug=record["meeting"])
    if meeting.minutes.filter(revision=number).exists():
        return False
    kept: list[dict[str, int]] = [{}, {}]
    before = meeting.minutes.filter(revision=number - 1).first()
    if before:
        kept = [{line["text"]: line["row"] for line in lines} for lines in (before.decisions, before.actions)]
    wording = Wording(
        _body(record, number),
        [DecisionLine(line["text"], row=kept[0].get(line["text"])) for line in decisions],
        [
            ActionLine(line["text"], person(line["owner"]).pk, _day(line["due"]), row=kept[1].get(line["text"]))
            for line in actions
        ],
        record["language"],
    )
    verbs.write_minutes(meeting=meeting, by=person(record["by"]), wording=wording, edit=0, now=at)
    return True


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _step(record: Record, number: int, to: Minutes.State, at: dt.datetime) -> bool:
    minutes = Minutes.objects.select_related("meeting").get(meeting__slug=record["meeting"], revision=number)
    if to not in Minutes.TRANSITIONS[State(minutes.state)]:
        return False
    if to == State.APPROVED:
        verbs.approve(minutes=minutes, by=office(), edit=minutes.edit, now=at)
        Notice.objects.about(minutes).delete()  # these were read before the portal wrote letters
    else:
        do: dict[Minutes.State, Callable[..., Minutes]] = {
            State.FOR_COMMENT: verbs.circulate,
            State.PUBLISHED: verbs.publish,
        }
        do[to](minutes=minutes, by=office(), now=at)
    return True


# -- action points ---------------------------------------------------------------------------------------------------
def _outcome(record: Record) -> Iterator[Deed]:
    if record["state"] == ActionPoint.State.DONE:
        at = instant(record["done_on"])
        yield Deed(at, "action points", partial(_end, record, at))
    elif record["state"] == ActionPoint.State.DROPPED:
        at = instant(record["due"])
        yield Deed(at, "action points", partial(_end, record, at))


def _end(record: Record, at: dt.datetime) -> bool:
    point = ActionPoint.objects.get(meeting__slug=record["meeting"], text=record["text"])
    if point.state != ActionPoint.State.OPEN:
        return False
    if record["state"] == ActionPoint.State.DONE:
        points.finish(point=point, by=point.owner, now=at)
    else:
        points.drop(point=point, by=point.owner, reason=record["reason"], now=at)
    return True


# -- papers ----------------------------------------------------------------------------------------------------------
def _handed_in(book: Book, record: Record, number: int) -> dt.datetime:
    """A past meeting's papers on its day, a coming one's in the last week."""
    meeting = next(each for each in book.records("meetings.meetings") if each["slug"] == record["meeting"])
    if meeting["state"] in Meeting.OVER:
        return instant(str(meeting["starts_at"])) + number * HOUR
    return instant(book.today.isoformat(), hour=0) - (7 - number) * DAY


def _paper(record: Record, number: int, book: Book) -> bool:
    meeting = Meeting.objects.get(slug=record["meeting"])
    at, content = _handed_in(book, record, number), materials.Content(url=record["url"])
    known = Material.objects.filter(meeting=meeting, title=record["title"]).first()
    if known is None:
        details = materials.Paper(
            title=record["title"], kind=record["kind"], access=record["access"], language=record["language"]
        )
        materials.add_material(meeting=meeting, by=office(), content=content, now=at, **details)
    elif known.versions.count() < number:
        materials.renew_material(material=known, by=office(), content=content, now=at)
    else:
        return False
    return True
