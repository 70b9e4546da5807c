"""Minutes: written together, commented on, approved, published, corrected by the next revision."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from history.prose import to_article
from meetings import written
from meetings.actions import minutes_telling
from meetings.actions.rows import Deed, enter, locked, note
from meetings.errors import EditedMeanwhile, InThePast, NothingWritten, WrongState
from meetings.models import ActionPoint, Decision, Meeting, Minutes, MinutesComment
from people.models import User

State, Held = Minutes.State, Meeting.State
OVER = (Held.HELD, Held.MINUTED, Held.PUBLISHED)
FAR = 1000  # positions beyond those of any minutes, while rows change places
REMOVED = "Removed by a correction of the minutes."


class DecisionLine(NamedTuple):
    """`item` and `row` are ids: of the agenda item, and of the Decision it has become."""

    text: str
    item: int | None = None
    row: int | None = None


class ActionLine(NamedTuple):
    """`owner`, `item` and `row` are ids: of the person, the agenda item, and the ActionPoint it has become."""

    text: str
    owner: int | None = None
    due: dt.date | None = None
    item: int | None = None
    row: int | None = None


class Wording(NamedTuple):
    """What an editor sends: Markdown, decisions and action points in their order."""

    text: str
    decisions: Sequence[DecisionLine] = ()
    actions: Sequence[ActionLine] = ()
    language: str = "en"


@transaction.atomic
def write_minutes(
    *, meeting: Meeting, by: User | None, wording: Wording, edit: int, now: dt.datetime | None = None
) -> Minutes:
    """Save the revision in work, or begin the next one where there is none.

    `edit` is the counter of the text the editor started from, 0 for a new revision. Raises EditedMeanwhile when
    somebody saved in between, WrongState.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if meeting.state not in {Held.SCHEDULED, *OVER}:
        raise WrongState(_("Minutes are written of a meeting that takes place."))
    minutes = meeting.minutes.in_work().first() or Minutes(meeting=meeting, revision=_next(meeting))
    if minutes.edit != edit:
        raise EditedMeanwhile(_("Somebody saved another text meanwhile. Yours is kept below: compare, then save."))
    minutes.text, minutes.language, minutes.html = wording.text, wording.language, to_article(wording.text)
    minutes.decisions = [line._asdict() for line in wording.decisions]
    minutes.actions = [line._asdict() | {"due": line.due and line.due.isoformat()} for line in wording.actions]
    if not _is_correction(minutes):
        _bring_rows(minutes, deed)
    minutes.edit, minutes.written_by, minutes.changed_at = edit + 1, by, deed.at
    minutes.save()
    record(minutes, "written", by=by, at=deed.at)
    return minutes


def _next(meeting: Meeting) -> int:
    newest = meeting.minutes.order_by("-revision").first()
    return newest.revision + 1 if newest else 1


def _is_correction(minutes: Minutes) -> bool:
    """The rows show what was approved until the correction is approved too."""
    return minutes.meeting.minutes.filter(state__in=Minutes.LOCKED, revision__lt=minutes.revision).exists()


@transaction.atomic
def circulate(
    *, minutes: Minutes, by: User | None, comments_by: dt.datetime | None = None, now: dt.datetime | None = None
) -> Minutes:
    """Open a draft for the group's comments and write to its members.

    `comments_by` (aware) is when comments are asked for at the latest; later ones are taken until approval all the
    same. Raises WrongState, NothingWritten, InThePast.
    """
    minutes = _locked(minutes)
    deed = Deed(by, now or database_now())
    if comments_by is not None and comments_by <= deed.at:
        raise InThePast(_("This time has passed. Choose one to come."))
    _enter(minutes, State.FOR_COMMENT)
    minutes.comments_by = comments_by
    minutes.save(update_fields=["state", "comments_by"])
    record(minutes, "circulated", by=by, at=deed.at)
    minutes_telling.ask_for_comments(minutes, deed)
    return minutes


@transaction.atomic
def take_back(*, minutes: Minutes, by: User | None, now: dt.datetime | None = None) -> Minutes:
    """Close commenting and work on; letters that still wait stay here. Raises WrongState."""
    minutes = _locked(minutes)
    deed = Deed(by, now or database_now())
    _enter(minutes, State.DRAFT)
    minutes.comments_by = None
    minutes.save(update_fields=["state", "comments_by"])
    record(minutes, "taken back", by=by, at=deed.at)
    minutes_telling.withhold(minutes, minutes_telling.TAKEN_BACK, deed.at)
    return minutes


@transaction.atomic
def approve(*, minutes: Minutes, by: User | None, edit: int, now: dt.datetime | None = None) -> Minutes:
    """Lock the revision as the approver saw it (`edit`), with who was there; its lines become the meeting's rows.

    Raises WrongState, EditedMeanwhile.
    """
    minutes = _locked(minutes)
    deed = Deed(by, now or database_now())
    if minutes.meeting.state not in OVER:
        raise WrongState(_("Minutes are approved once the meeting was held."))
    _enter(minutes, State.APPROVED)
    if minutes.edit != edit:
        raise EditedMeanwhile(_("The text was changed since you read it. Read it again before you approve it."))
    _bring_rows(minutes, deed)
    minutes.approved_at, minutes.approved_by = deed.at, by
    minutes.presence = written.kept(minutes.meeting)
    minutes.save()
    record(minutes, "approved", by=by, public=True, at=deed.at)
    minutes_telling.withhold(minutes, minutes_telling.APPROVED, deed.at)
    _enter_meeting(minutes.meeting, Held.HELD, Held.MINUTED, deed)
    return minutes


@transaction.atomic
def publish(*, minutes: Minutes, by: User | None, now: dt.datetime | None = None) -> Minutes:
    """Show approved minutes to everybody. Raises WrongState."""
    minutes = _locked(minutes)
    deed = Deed(by, now or database_now())
    _enter(minutes, State.PUBLISHED)
    minutes.published_at = deed.at
    minutes.save(update_fields=["state", "published_at"])
    record(minutes, "published", by=by, public=True, at=deed.at)
    _enter_meeting(minutes.meeting, Held.MINUTED, Held.PUBLISHED, deed)
    return minutes


def _enter_meeting(meeting: Meeting, before: Meeting.State, after: Meeting.State, deed: Deed) -> None:
    """Move the meeting along with its first minutes; a correction finds it there already."""
    if meeting.state == before:
        enter(meeting, after)
        meeting.save(update_fields=["state"])
        note(meeting, str(after), deed)


@transaction.atomic
def comment(*, minutes: Minutes, by: User, text: str, now: dt.datetime | None = None) -> MinutesComment:
    """Say something about minutes that are open for comment. Raises WrongState."""
    minutes = _locked(minutes)
    if minutes.state != State.FOR_COMMENT:
        raise WrongState(_("These minutes take no comments at the moment."))
    remark = MinutesComment.objects.create(minutes=minutes, by=by, text=text.strip(), at=now or database_now())
    record(minutes, "commented", by=by, at=remark.at)
    return remark


def _locked(minutes: Minutes) -> Minutes:
    """Return the row as it is now with its meeting; the meeting's row is locked first, as everywhere."""
    meeting = locked(minutes.meeting)
    row = Minutes.objects.select_for_update(of=("self",), no_key=True).get(pk=minutes.pk)
    row.meeting = meeting
    return row


def _enter(minutes: Minutes, state: Minutes.State) -> None:
    old = State(minutes.state)
    if state not in Minutes.TRANSITIONS[old]:
        raise WrongState(
            _("These minutes are in the state “%(old)s” and cannot become “%(new)s”.")
            % {"old": old.label, "new": state.label}
        )
    if state != State.DRAFT and not minutes.text.strip():
        raise NothingWritten(_("Write the minutes first."))
    minutes.state = state


def _bring_rows(minutes: Minutes, deed: Deed) -> None:
    """Make the meeting's rows those of this revision; a line that has been a row keeps it, and with it its links."""
    items = set(minutes.meeting.agenda.values_list("pk", flat=True))
    for line in [*minutes.decisions, *minutes.actions]:
        line["item"] = line["item"] if line["item"] in items else None
    _bring_decisions(minutes)
    _bring_actions(minutes, deed)


def _bring_decisions(minutes: Minutes) -> None:
    known = {row.pk: row for row in minutes.meeting.decisions.all()}
    minutes.meeting.decisions.update(position=F("position") + FAR)
    for position, line in enumerate(minutes.decisions, start=1):
        row = known.pop(line["row"], None) or Decision(meeting=minutes.meeting)
        row.text, row.agenda_item_id, row.position = line["text"], line["item"], position
        row.save()
        line["row"] = row.pk
    Decision.objects.filter(pk__in=known).delete()


def _bring_actions(minutes: Minutes, deed: Deed) -> None:
    known = {row.pk: row for row in minutes.meeting.actions.select_for_update(no_key=True)}
    for line in minutes.actions:
        row = known.pop(line["row"], None) or ActionPoint(meeting=minutes.meeting)
        for name, value in _values(line).items():
            setattr(row, name, value)
        row.save()
        line["row"] = row.pk
    _let_go(minutes, list(known.values()), deed)


def _values(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": line["text"],
        "owner_id": line["owner"],
        "due": dt.date.fromisoformat(line["due"]) if line["due"] else None,
        "agenda_item_id": line["item"],
    }


def _let_go(minutes: Minutes, rows: list[ActionPoint], deed: Deed) -> None:
    """What was only drafted goes; what had been approved is dropped, and says why."""
    if not _is_correction(minutes):
        ActionPoint.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return
    for row in rows:
        if row.state == ActionPoint.State.OPEN:
            row.state, row.reason = ActionPoint.State.DROPPED, REMOVED
            row.save(update_fields=["state", "reason"])
            record(row, "dropped", by=deed.by, reason=REMOVED, at=deed.at)
