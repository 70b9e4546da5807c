"""Finds what is due. Nothing is planned ahead, so that a missed or doubled beat, a late joiner and a moved meeting
need no repair.
"""

import datetime as dt
import logging

from django.db import transaction

from history.clock import database_now
from meetings import kinds, reminding
from meetings.actions import telling
from meetings.models import Attendee, Meeting, ReminderRule
from notices.actions import planned, queue
from notices.models import Notice
from notices.nudge import DELIVER, after_commit

log = logging.getLogger(__name__)


def remind(*, now: dt.datetime | None = None) -> int:
    """Insert the missing notices of every meeting to come for today's members; return how many are new.

    Each meeting has its own transaction: a faulty one holds up no other.
    """
    moment = now or database_now()
    rules = list(ReminderRule.objects.all())
    fresh = 0
    for meeting in Meeting.objects.to_remind(moment).select_related("group"):
        try:
            with transaction.atomic():
                fresh += telling.invite_late_joiners(meeting=meeting, now=moment) + _plan(meeting, rules, moment)
        except Exception:
            log.exception("reminders of meeting %s cannot be planned", meeting.slug)
    return fresh


def _plan(meeting: Meeting, rules: list[ReminderRule], now: dt.datetime) -> int:
    step = reminding.current(reminding.steps(meeting, rules), now)
    if step is None:
        return 0
    attendees = list(Attendee.objects.current().filter(meeting=meeting).select_related("user").order_by("pk"))
    fresh = queue(
        [
            _letter(rule, step, attendee, meeting)
            for rule in step.rules
            for attendee in attendees
            if reminding.is_for(rule, step.due_at, attendee, meeting)
        ]
    )
    if fresh:
        after_commit(DELIVER)
    return fresh


def _letter(rule: ReminderRule, step: reminding.Step, attendee: Attendee, meeting: Meeting) -> Notice:
    """The key says what makes it the same letter: rule, meeting, schedule revision, person."""
    return planned(
        kinds.reminder(rule.letter),
        meeting,
        f"rule:{rule.pk}:{meeting.pk}:{meeting.schedule_revision}:{attendee.user_id}",
        attendee.user,
        payload={"revision": meeting.schedule_revision, "rule": rule.pk},
        due_at=step.due_at,
        expires_at=step.expires_at,
    )
