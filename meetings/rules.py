"""Who may do what with a meeting. Every answer defaults to no."""

import datetime as dt

from meetings.models import Meeting
from workinggroups.rules import can_enter, can_steer, role_in


def is_invited(user: object, meeting: Meeting) -> bool:
    """Every active member of the group is invited, whatever the role."""
    return role_in(user, meeting.group) is not None


def can_plan(user: object, meeting: Meeting) -> bool:
    """May edit, move, postpone and cancel, and see who got which letter."""
    return can_steer(user, meeting.group)


def can_join(user: object, meeting: Meeting) -> bool:
    """May see the join link, and who replied what."""
    return can_enter(user, meeting.group)


def can_edit(user: object, meeting: Meeting) -> bool:
    return meeting.state in Meeting.PLANNED and can_plan(user, meeting)


def can_cancel(user: object, meeting: Meeting) -> bool:
    return Meeting.State.CANCELLED in Meeting.TRANSITIONS[Meeting.State(meeting.state)] and can_plan(user, meeting)


def can_postpone(user: object, meeting: Meeting) -> bool:
    return Meeting.State.POSTPONED in Meeting.TRANSITIONS[Meeting.State(meeting.state)] and can_plan(user, meeting)


def takes_replies(meeting: Meeting, now: dt.datetime) -> bool:
    """Until it starts; the clock decides, not the schedule."""
    return meeting.state == Meeting.State.SCHEDULED and meeting.starts_at is not None and now < meeting.starts_at


def can_reply(user: object, meeting: Meeting, now: dt.datetime) -> bool:
    return takes_replies(meeting, now) and is_invited(user, meeting)
