"""Meetings with their agenda, papers, replies, reminder rules, date polls and minutes."""

from meetings.models.agenda import AgendaItem
from meetings.models.attendance import Attendee
from meetings.models.calendars import CalendarAddress
from meetings.models.materials import Material, MaterialVersion
from meetings.models.meeting import Meeting, MeetingQuerySet
from meetings.models.minutes import ActionPoint, Decision, Minutes, MinutesComment
from meetings.models.polls import DateAnswer, DatePoll, DateSlot
from meetings.models.reminders import ReminderRule
from meetings.models.series import Series
from meetings.models.webinars import Registration, Webinar, WebinarQuerySet

__all__ = [
    "ActionPoint",
    "AgendaItem",
    "Attendee",
    "CalendarAddress",
    "DateAnswer",
    "DatePoll",
    "DateSlot",
    "Decision",
    "Material",
    "MaterialVersion",
    "Meeting",
    "MeetingQuerySet",
    "Minutes",
    "MinutesComment",
    "Registration",
    "ReminderRule",
    "Series",
    "Webinar",
    "WebinarQuerySet",
]
