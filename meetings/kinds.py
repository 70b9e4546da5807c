"""The names of this room's letters. A reminder's kind follows from the letter its rule names."""

from meetings.models import ReminderRule

INVITATION = "meetings.invitation"
UPDATE = "meetings.update"
CALLED_OFF = "meetings.called_off"
TAKEN_BACK = "meetings.taken_back"
SEAT = "meetings.seat"
SUBSTITUTE = "meetings.substitute"
IN_YOUR_PLACE = "meetings.in_your_place"
MINUTES = "meetings.minutes_for_comment"
ACTION_DUE = "meetings.action_due"
DATE_POLL = "meetings.date_poll"
DATE_POLL_OPEN = "meetings.date_poll_open"
DATES_RELEASED = "meetings.dates_released"
SERIES = "meetings.series"
WEBINAR_CONFIRM = "meetings.webinar_confirm"
WEBINAR_SEAT = "meetings.webinar_seat"
WEBINAR_WAITING = "meetings.webinar_waiting"
WEBINAR_FREED = "meetings.webinar_freed"
WEBINAR_CHANGED = "meetings.webinar_changed"
WEBINAR_OFF = "meetings.webinar_off"
WEBINAR_SOON = "meetings.webinar_soon"


def reminder(letter: str) -> str:
    """Return the kind of a rule's letter: "meeting_soon" -> "meetings.meeting_soon"."""
    return f"meetings.{letter}"


REMINDERS = tuple(reminder(letter) for letter in ReminderRule.Letter.values)
ALL = (INVITATION, UPDATE, CALLED_OFF, SEAT, SUBSTITUTE, IN_YOUR_PLACE, *REMINDERS)
