"""The letter to whoever has taken on an action point: soon the day comes, or it has passed."""

import datetime as dt

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import calendars, kinds, letters, owing, rule_letters
from meetings.models import ActionPoint
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice

LONGEST_SUBJECT = 80
GONE = gettext_noop("action point removed")
ANOTHER = gettext_noop("somebody else does it now")
ANOTHER_DAY = gettext_noop("due on another day now")


def unwanted(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - `expires_at` has asked the clock
    """Done, dropped, given to somebody else or another day; the owner need not be in the group any more."""
    point = ActionPoint.objects.select_related("meeting__group").filter(pk=notice.about_id).first()
    if point is None:
        return GONE
    notice.about = point
    if point.state != ActionPoint.State.OPEN:
        return letters.NOTHING_OPEN
    if point.owner_id != notice.recipient_id:
        return ANOTHER
    return "" if str(point.due) == notice.payload["due"] else ANOTHER_DAY


def paused(notice: Notice) -> str:
    """Owners hear nothing while the reminders of the meeting are paused at which they took it on."""
    point = notice.about
    return rule_letters.held_back(point.meeting, notice) if isinstance(point, ActionPoint) else ""


def compose(notice: Notice) -> Draft:
    point = notice.about
    if not isinstance(point, ActionPoint):
        raise TypeError(f"{notice.key} is about no action point")
    (words,) = owing.in_words([point])
    late = notice.payload.get("which") == owing.AFTER
    meeting = point.meeting
    context = {
        "point": words,
        "is_late": late,
        "meeting": str(meeting),
        "when": meeting.when,
        "group": str(meeting.group),
        "points_url": calendars.absolute(reverse("meetings:actions")),
    }
    subject = _("Overdue: %(text)s") if late else _("Due soon: %(text)s")
    named = {"text": Truncator(point.text).chars(LONGEST_SUBJECT)}
    return Draft(subject % named, context, reply_to=calendars.contact_of(meeting.group))


def newest() -> ActionPoint | None:
    """An open point to show the letter with."""
    points = ActionPoint.objects.open().filter(due__isnull=False).select_related("meeting__group")
    return points.order_by("-due", "-pk").first()


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Letter(
            kinds.ACTION_DUE,
            gettext_lazy("Action point: due soon, or overdue"),
            unwanted,
            compose,
            essential=False,
            letter_class=LetterClass.MEETING,
            who_gets=gettext_lazy("whoever does it, three days before the day and on the day after it"),
            sample=newest,
            on_hold=paused,
        )
    )
