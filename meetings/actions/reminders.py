"""Finds what is due. Nothing is planned ahead, so that a missed or doubled beat, a late joiner and a moved meeting
need no repair.
"""

import datetime as dt
from functools import partial

from history.clock import database_now
from history.each import each_alone
from meetings import forecast, kinds, letters, reminding
from meetings.actions import leaving, telling
from meetings.models import Attendee, Meeting, ReminderRule
from notices.actions import planned, queue
from notices.models import Notice

Rules = list[ReminderRule]


def remind(*, now: dt.datetime | None = None) -> int:
    """Insert the missing notices of every meeting, to come or just over, for today's members; return how many are new.

    Each meeting has its own transaction: a faulty one holds up no other.
    """
    moment = now or database_now()
    rules = list(ReminderRule.objects.all())
    to_come = Meeting.objects.to_remind(moment).select_related("group")
    return each_alone(to_come, partial(_before, rules=rules, now=moment)) + each_alone(
        reminding.just_over(moment), partial(_after, rules=rules, now=moment)
    )


def _before(meeting: Meeting, rules: Rules, now: dt.datetime) -> int:
    """Follow the group's members, give free seats away, and write what the current step says."""
    fresh = leaving.settle(meeting=meeting, now=now) + telling.invite_late_joiners(meeting=meeting, now=now)
    if meeting.reminders_paused_at:
        return fresh
    return fresh + _plan(meeting, reminding.current(reminding.steps(meeting, rules), now))


def _after(meeting: Meeting, rules: Rules, now: dt.datetime) -> int:
    """What came of it, once there is something to tell."""
    step = reminding.current(reminding.steps_after(meeting, rules), now)
    if step is None or meeting.reminders_paused_at or not reminding.has_news(meeting):
        return 0
    return _plan(meeting, step)


def _plan(meeting: Meeting, step: reminding.Step | None) -> int:
    if step is None:
        return 0
    owing = reminding.owners(meeting) if any(rule.audience == "owners" for rule in step.rules) else set()
    attendees = list(Attendee.objects.current().filter(meeting=meeting).select_related("user").order_by("pk"))
    return queue(
        [
            letter_for(rule, attendee, meeting, due_at=step.due_at, expires_at=step.expires_at)
            for rule in step.rules
            for attendee in attendees
            if reminding.is_for(rule, step.due_at, attendee, meeting, owing)
        ],
        again_after=letters.PASSING,
    )


def letter_for(
    rule: ReminderRule, attendee: Attendee, meeting: Meeting, *, due_at: dt.datetime, expires_at: dt.datetime
) -> Notice:
    return planned(
        kinds.reminder(rule.letter),
        meeting,
        forecast.key_of(rule, attendee, meeting),
        attendee.user,
        payload={"revision": meeting.schedule_revision, "rule": rule.origin},
        due_at=due_at,
        expires_at=expires_at,
    )
