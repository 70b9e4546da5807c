"""Meetings with their agenda, replies and reminder rules."""

from meetings.models.agenda import AgendaItem
from meetings.models.attendance import Attendee
from meetings.models.meeting import Meeting, MeetingQuerySet
from meetings.models.reminders import ReminderRule

__all__ = ["AgendaItem", "Attendee", "Meeting", "MeetingQuerySet", "ReminderRule"]
