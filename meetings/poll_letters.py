"""The letters of a date poll: which dates suit you, please still answer, the dates are free again."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import calendars, holds, kinds, times
from meetings.models import DateAnswer, DatePoll
from notices.letters import Attachment, Draft, Letter, register
from notices.models import LetterClass, Notice
from workinggroups.models import Membership

GONE = gettext_noop("date poll removed")
LEFT = gettext_noop("no longer a member")
ANSWERED = gettext_noop("answered meanwhile")
NEVER_ASKED = gettext_noop("never asked")


def about(notice: Notice) -> DatePoll | None:
    """Return the poll as it is now, and keep it at hand for `compose`."""
    poll = DatePoll.objects.select_related("meeting__group", "chosen").filter(pk=notice.about_id).first()
    if poll:
        notice.about = poll
    return poll


def poll_of(notice: Notice) -> DatePoll:
    poll = notice.about
    if not isinstance(poll, DatePoll):
        raise TypeError(f"{notice.key} is about no date poll")
    return poll


def unwanted(notice: Notice, now: dt.datetime) -> str:
    """For letters that ask."""
    poll = about(notice)
    if poll is None:
        return GONE
    if poll.state != DatePoll.State.OPEN or poll.closes_at <= now:
        return str(poll.state)
    members = Membership.objects.active().filter(group=poll.meeting.group, user=notice.recipient)
    return "" if members.exists() else LEFT


def unwanted_reminder(notice: Notice, now: dt.datetime) -> str:
    reason = unwanted(notice, now)
    if reason:
        return reason
    heard = DateAnswer.objects.filter(slot__poll=notice.about_id, user=notice.recipient)
    return ANSWERED if heard.exists() else ""


def unwanted_release(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - no clock makes this letter useless
    """Only for those whom the question has reached, or may be reaching now."""
    poll = about(notice)
    if poll is None:
        return GONE
    asked = Notice.objects.about(poll).told_beside(notice).filter(kind=kinds.DATE_POLL, recipient=notice.recipient)
    return "" if asked.exists() else NEVER_ASKED


def context_of(notice: Notice) -> dict[str, Any]:
    poll = poll_of(notice)
    meeting, person = poll.meeting, notice.recipient
    own = ZoneInfo(person.timezone) if person else meeting.zone
    slots = list(poll.slots.order_by("starts_at", "pk"))
    return {
        "meeting": meeting,
        "group": meeting.group,
        "poll": poll,
        "slots": [
            (
                times.span(slot.starts_at, slot.ends_at, meeting.zone),
                times.own_span(slot.starts_at, slot.ends_at, meeting.zone, own),
            )
            for slot in slots
            if slot.pk != poll.chosen_id
        ],
        "answer_by": times.point(poll.closes_at, meeting.zone),
        "own_answer_by": times.own_point(poll.closes_at, meeting.zone, own),
        "poll_url": holds.poll_url(poll),
        "page_url": calendars.absolute(meeting.get_absolute_url()),
    }


def draft(notice: Notice, subject: str) -> Draft:
    poll = poll_of(notice)
    contact = calendars.contact_of(poll.meeting.group)
    named = {"title": poll.meeting.title, "group": poll.meeting.group}
    return Draft(subject % named, context_of(notice), reply_to=contact)


def with_entries(letter: Draft, content: str) -> Draft:
    part = Attachment(content, "text/calendar; method=PUBLISH")
    return Draft(letter.subject, letter.context, letter.reply_to, (part,))


def question(notice: Notice) -> Draft:
    poll = poll_of(notice)
    letter = draft(notice, _("Which date suits you? %(title)s (%(group)s)"))
    return with_entries(letter, holds.tentative(poll, poll.slots.order_by("starts_at"))) if poll.hold_dates else letter


def reminder(notice: Notice) -> Draft:
    return draft(notice, _("Please still answer: which date suits you? %(title)s (%(group)s)"))


def release(notice: Notice) -> Draft:
    poll = poll_of(notice)
    letter = draft(notice, _("Dates are free again: %(title)s (%(group)s)"))
    slots = poll.slots.order_by("starts_at")
    return with_entries(letter, holds.released(poll, slots)) if poll.hold_dates else letter


def some_poll() -> DatePoll | None:
    return DatePoll.objects.select_related("meeting__group", "chosen").order_by("-pk").first()


def register_all() -> None:
    """Called once, when the app is ready."""
    members = gettext_lazy("Every active member of the group")
    register(
        Letter(
            kinds.DATE_POLL, gettext_lazy("Date poll: which dates suit"), unwanted, question,
            who_gets=members, sample=some_poll,
        )
    )  # fmt: skip
    register(
        Letter(
            kinds.DATE_POLL_OPEN, gettext_lazy("Date poll: your answer is missing"), unwanted_reminder, reminder,
            essential=False, letter_class=LetterClass.MEETING,
            who_gets=gettext_lazy("Members without an answer, two days before the deadline"), sample=some_poll,
        )
    )  # fmt: skip
    register(
        Letter(
            kinds.DATES_RELEASED, gettext_lazy("Date poll: the dates are free again"), unwanted_release, release,
            who_gets=gettext_lazy("Whoever was asked, when a poll ends without a date or held dates become free"),
            sample=some_poll,
        )
    )  # fmt: skip
