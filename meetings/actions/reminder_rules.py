"""What those who plan do with reminders: set the rules, pause, resume, send now, write to those without an answer."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from history import locks
from history.actions import record
from history.clock import database_now
from meetings import kinds, letters, reminding, rule_changes, rule_words
from meetings.actions.reminders import letter_for
from meetings.actions.rows import Deed, locked
from meetings.errors import EditedMeanwhile, NoReminder, WrongState
from meetings.models import ActionPoint, Attendee, Meeting, ReminderRule
from meetings.rule_changes import Kept
from notices.actions import hold, let_go, planned, queue
from notices.models import Notice, NoticeQuerySet
from people.models import User
from workinggroups.models import WorkingGroup

OVER = {Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED}


class RuleLine(NamedTuple):
    """One rule as somebody wants it; `source` is the rule it was made from, and must be of the same letter."""

    anchor: str
    offset: dt.timedelta
    audience: str
    letter: str
    is_active: bool = True
    source: ReminderRule | None = None


@transaction.atomic
def set_rules(
    *,
    of: Meeting | WorkingGroup | None,
    lines: Sequence[RuleLine],
    by: User | None,
    seen: Sequence[Kept] | None = None,
    now: dt.datetime | None = None,
) -> int:
    """Make these the rules of a meeting, of a group or (None) of all groups; they replace all inherited ones.

    A rule made from another counts as the same: whoever had its letter gets it no second time. No lines at all means
    that the inherited rules hold again; of all groups, that nobody is reminded. `seen` are the rules that held when the
    editor began. Return how many rules there are. Raises EditedMeanwhile.
    """
    locks.lock_exclusive(locks.REMINDER_RULES, 0)
    if seen is not None and list(seen) != kept_by(of):
        raise EditedMeanwhile(_("Somebody else has saved other rules meanwhile. Nothing of yours is saved yet."))
    moment = now or database_now()
    _own(of).delete()
    rules = [rule_of(of, line) for line in lines]
    ReminderRule.objects.bulk_create(rules)
    about = of or ContentType.objects.get_for_model(ReminderRule)  # the rules of all groups as one thing
    verb = "reminders set" if lines or of is None else "reminders inherited"
    record(about, verb, by=by, payload={"rules": [rule_words.kept(rule) for rule in rules]}, at=moment)
    return len(lines)


def kept_by(of: Meeting | WorkingGroup | None) -> list[Kept]:
    """Return the rules that hold at this level now."""
    return rule_changes.kept(of, list(ReminderRule.objects.all()))


def _own(of: Meeting | WorkingGroup | None) -> QuerySet[ReminderRule]:
    level = {"meeting": of} if isinstance(of, Meeting) else {"meeting": None, "group": of}
    return ReminderRule.objects.select_for_update().filter(**level)


def rule_of(of: Meeting | WorkingGroup | None, line: RuleLine) -> ReminderRule:
    """Return the unsaved rule that the line describes."""
    level = {"meeting": of} if isinstance(of, Meeting) else {"group": of}
    same = line.source if line.source and line.source.letter == line.letter else None
    return ReminderRule(
        **level,
        anchor=line.anchor,
        offset=line.offset,
        audience=line.audience,
        letter=line.letter,
        is_active=line.is_active,
        root=same.origin if same else None,
    )


@transaction.atomic
def pause_reminders(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """Plan no more reminders, nor of action points; those that wait go on waiting until somebody resumes.

    Raises NoReminder.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if meeting.reminders_paused_at:
        raise NoReminder(_("The reminders of this meeting are paused already."))
    meeting.reminders_paused_at = deed.at
    meeting.save(update_fields=["reminders_paused_at"])
    by_rules = Notice.objects.about(meeting).filter(key__startswith="rule:")
    for waiting in (by_rules, _to_owners(meeting)):
        hold(waiting, reason=letters.PAUSED, now=deed.at)
    record(meeting, "reminders paused", by=by, at=deed.at)
    return meeting


@transaction.atomic
def resume_reminders(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """Let the rules write again: what waited, and at the next minute the step that holds then, never a pile.

    What has lost its use meanwhile is not sent, and its row says so. Raises NoReminder.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    if not meeting.reminders_paused_at:
        raise NoReminder(_("The reminders of this meeting are not paused."))
    meeting.reminders_paused_at = None
    meeting.save(update_fields=["reminders_paused_at"])
    for waiting in (Notice.objects.about(meeting), _to_owners(meeting)):
        let_go(waiting, reason=letters.PAUSED, now=deed.at)
    record(meeting, "reminders resumed", by=by, at=deed.at)
    return meeting


def _to_owners(meeting: Meeting) -> NoticeQuerySet:
    points = ContentType.objects.get_for_model(ActionPoint)
    return Notice.objects.filter(kind=kinds.ACTION_DUE, about_type=points, about_id__in=meeting.actions.values("pk"))


@transaction.atomic
def send_now(*, meeting: Meeting, origin: int, by: User | None, now: dt.datetime | None = None) -> int:
    """Send a rule's letters before their time, paused or not; nobody gets them twice. Return how many.

    Raises NoReminder.
    """
    meeting = locked(meeting)
    moment = now or database_now()
    step = _step(meeting, origin, moment)
    rule = next(rule for rule in step.rules if rule.origin == origin)
    owing = reminding.owners(meeting)
    wanted = [
        letter_for(rule, attendee, meeting, due_at=moment, expires_at=step.expires_at)
        for attendee in _current(meeting)
        if reminding.is_meant(rule, attendee, meeting, owing)
    ]
    waiting = Notice.objects.filter(key__in=[letter.key for letter in wanted]).on_hold()
    waiting.update(due_at=moment)  # asked for since the pause
    released = let_go(waiting, reason=letters.PAUSED, now=moment)
    fresh = queue(wanted, again_after=letters.PASSING)
    return _sent(meeting, "reminder sent early", fresh + released, by, moment)


def _step(meeting: Meeting, origin: int, now: dt.datetime) -> reminding.Step:
    rules = list(ReminderRule.objects.all())
    line = reminding.steps(meeting, rules) if meeting.state == Meeting.State.SCHEDULED else []
    line += reminding.steps_after(meeting, rules) if meeting.state in OVER else []
    useful = [step for step in line if step.expires_at > now]
    found = next((step for step in useful if any(rule.origin == origin for rule in step.rules)), None)
    if found is None:
        raise NoReminder(_("This reminder does not hold any more."))
    return found


@transaction.atomic
def ask_unanswered(*, meeting: Meeting, by: User | None, now: dt.datetime | None = None) -> int:
    """Write to today's members without an answer, at most once a day each. Return how many. Raises WrongState."""
    meeting = locked(meeting)
    moment = now or database_now()
    if meeting.state != Meeting.State.SCHEDULED or meeting.starts_at is None or meeting.starts_at <= moment:
        raise WrongState(_("Only for a meeting to come can answers be asked for."))
    day = moment.astimezone(meeting.zone).date()
    letters = [
        planned(
            kinds.reminder(ReminderRule.Letter.UNANSWERED),
            meeting,
            f"asked:{meeting.pk}:{meeting.schedule_revision}:{day}:{attendee.user_id}",
            attendee.user,
            payload={"revision": meeting.schedule_revision, "rule": None},
            due_at=moment,
            expires_at=meeting.starts_at,
        )
        for attendee in _current(meeting)
        if attendee.reply == Attendee.Reply.NONE
    ]
    return _sent(meeting, "asked those without an answer", queue(letters), by, moment)


def _current(meeting: Meeting) -> list[Attendee]:
    return list(Attendee.objects.current().filter(meeting=meeting).select_related("user").order_by("pk"))


def _sent(meeting: Meeting, verb: str, fresh: int, by: User | None, now: dt.datetime) -> int:
    if fresh:
        record(meeting, verb, by=by, payload={"letters": fresh}, at=now)
    return fresh
