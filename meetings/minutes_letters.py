"""The letter that asks a group for comments on minutes before they are approved."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import calendars, kinds, letters, rules, times, told
from meetings.models import Minutes
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice

GONE = gettext_noop("minutes removed")
OVER = gettext_noop("no longer open for comments")
State = Minutes.State


def unwanted(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - `expires_at` has asked the clock
    """Minutes approved or taken back take no comments; who has left is not asked for any."""
    minutes = Minutes.objects.select_related("meeting__group").filter(pk=notice.about_id).first()
    if minutes is None:
        return GONE
    notice.about = minutes
    if minutes.state != State.FOR_COMMENT:
        return OVER
    asked = rules.speakers(minutes.meeting.group_id).filter(user=notice.recipient)
    return "" if asked.exists() else letters.LEFT


def compose(notice: Notice) -> Draft:
    minutes, person = notice.about, letters.addressee(notice)
    if not isinstance(minutes, Minutes):
        raise TypeError(f"{notice.key} is about no minutes")
    meeting, until = minutes.meeting, minutes.comments_by
    context = {
        "meeting": meeting,
        "group": meeting.group,
        "when": meeting.when,
        "is_correction": minutes.revision > 1,
        "revision": minutes.revision,
        "comments_by": times.point(until, meeting.zone) if until else "",
        "own_comments_by": times.own_point(until, meeting.zone, ZoneInfo(person.timezone)) if until else "",
        "minutes_url": calendars.absolute(minutes.get_absolute_url()),
    }
    subject = _("Minutes for comment: %(title)s, %(day)s")
    named = {"title": meeting.title, "day": told.day_of(meeting)}
    return Draft(subject % named, context, reply_to=calendars.contact_of(meeting.group))


def newest() -> Minutes | None:
    """Minutes to show the letter with: those open for comments before any others."""
    shown = Minutes.objects.select_related("meeting__group").order_by("-meeting__sort_day", "-pk")
    return shown.filter(state=State.FOR_COMMENT).first() or shown.first()


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Letter(
            kinds.MINUTES,
            gettext_lazy("Minutes: please comment"),
            unwanted,
            compose,
            essential=False,
            letter_class=LetterClass.MEETING,
            who_gets=gettext_lazy("members who may comment, when minutes are opened for comments"),
            sample=newest,
        )
    )
