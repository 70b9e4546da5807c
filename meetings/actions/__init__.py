"""The verbs of meetings."""

from meetings.actions.calling_off import cancel, postpone
from meetings.actions.holding import Attendance, mark_held, record_attendance, record_past
from meetings.actions.planning import announce, draft, edit, look_for_date, schedule, set_agenda
from meetings.actions.reminders import remind
from meetings.actions.replies import reply
from meetings.actions.rows import AgendaLine, Details
from meetings.actions.telling import invite_late_joiners

__all__ = [
    "AgendaLine",
    "Attendance",
    "Details",
    "announce",
    "cancel",
    "draft",
    "edit",
    "invite_late_joiners",
    "look_for_date",
    "mark_held",
    "postpone",
    "record_attendance",
    "record_past",
    "remind",
    "reply",
    "schedule",
    "set_agenda",
]
