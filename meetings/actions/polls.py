"""Finding a date together: ask, answer, remind, choose, withdraw."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from history.each import each_alone
from meetings import kinds, rules
from meetings.actions import poll_ends, telling
from meetings.actions.planning import announce
from meetings.actions.replies import reply
from meetings.actions.rows import Deed, enter, locked, note, save
from meetings.errors import InThePast, NotInvited, PollClosed, WrongState
from meetings.models import Attendee, DateAnswer, DatePoll, DateSlot, Meeting
from notices.actions import planned, queue
from notices.models import Notice
from people.models import User

State = Meeting.State
MOST_SLOTS = 20
REMIND = dt.timedelta(days=2)  # before the deadline; in the middle of a poll that is shorter than twice that
REPLIES = {
    DateAnswer.Answer.YES: Attendee.Reply.YES,
    DateAnswer.Answer.IF_NEEDED: Attendee.Reply.MAYBE,
    DateAnswer.Answer.NO: Attendee.Reply.NO,
}


class Slot(NamedTuple):
    """A proposed time, both ends aware."""

    starts_at: dt.datetime
    ends_at: dt.datetime


@transaction.atomic
def open_poll(
    *,
    meeting: Meeting,
    by: User | None,
    slots: Sequence[Slot],
    closes_at: dt.datetime,
    hold_dates: bool = False,
    now: dt.datetime | None = None,
) -> DatePoll:
    """Ask every active member which of the times suit; a draft or postponed meeting is "date to be found" from then on.

    Raises WrongState (also where a poll is open), InThePast.
    """
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    _must_make_sense(slots, closes_at, deed.at)
    if meeting.polls.open().exists():
        raise WrongState(_("A date poll of this meeting is open. Withdraw it first."))
    if meeting.state != State.POLLING:
        enter(meeting, State.POLLING)
    meeting.starts_at = meeting.ends_at = meeting.reply_by = None
    meeting.reason = ""
    save(meeting, deed.at)
    poll = DatePoll.objects.create(meeting=meeting, opened_at=deed.at, closes_at=closes_at, hold_dates=hold_dates)
    DateSlot.objects.bulk_create([DateSlot(poll=poll, starts_at=s.starts_at, ends_at=s.ends_at) for s in slots])
    note(meeting, "date asked for", deed)
    _ask(poll, telling.members_of(meeting), kinds.DATE_POLL, deed.at)
    return poll


def _must_make_sense(slots: Sequence[Slot], closes_at: dt.datetime, now: dt.datetime) -> None:
    if not 1 < len({slot.starts_at for slot in slots}) == len(slots) <= MOST_SLOTS:
        raise WrongState(_("Propose two to twenty different dates."))
    if closes_at <= now or min(slot.starts_at for slot in slots) <= closes_at:
        raise InThePast(_("The deadline must be to come, and before the first of the dates."))


@transaction.atomic
def answer_poll(*, poll: DatePoll, by: User, answers: Mapping[int, str | None], now: dt.datetime | None = None) -> int:
    """Write down what `by` says to the slots (by id; None takes an answer back); return how many stand.

    Answers may change until the deadline; the database's clock decides. Raises NotInvited, PollClosed.
    """
    meeting = locked(poll.meeting)
    if not rules.is_invited(by, meeting):
        raise NotInvited(_("Only members of the group answer this date poll."))
    poll = DatePoll.objects.select_for_update().get(pk=poll.pk)
    moment = now or database_now()
    if poll.state != DatePoll.State.OPEN or poll.closes_at <= moment:
        raise PollClosed(_("This date poll takes no answers any more."))
    for slot in poll.slots.filter(pk__in=list(answers)).order_by("pk"):
        _write(slot, by, answers[slot.pk], moment)
    record(meeting, "date poll answered", by=by, at=moment)
    return DateAnswer.objects.filter(slot__poll=poll, user=by).count()


def _write(slot: DateSlot, by: User, answer: str | None, now: dt.datetime) -> None:
    if answer is None:
        DateAnswer.objects.filter(slot=slot, user=by).delete()
        return
    values = {"answer": DateAnswer.Answer(answer), "answered_at": now}
    DateAnswer.objects.update_or_create(slot=slot, user=by, defaults=values)


@transaction.atomic
def choose_date(*, slot: DateSlot, by: User | None, now: dt.datetime | None = None) -> Meeting:
    """Schedule the meeting for this date and invite; who answered the poll has answered the invitation.

    Yes becomes yes, "if need be" maybe, no becomes no, in the order in which they answered: seats may be few.
    Raises WrongState, InThePast.
    """
    meeting = locked(slot.poll.meeting)
    deed = Deed(by, now or database_now())
    poll = _open(slot.poll)
    meeting.starts_at, meeting.ends_at = slot.starts_at, slot.ends_at
    save(meeting, deed.at)
    poll_ends.end(poll, slot, deed)
    meeting = announce(meeting=meeting, by=by, now=deed.at)
    for given in slot.answers.select_related("user").order_by("answered_at", "pk"):
        if rules.is_invited(given.user, meeting):
            reply(meeting=meeting, by=given.user, reply=REPLIES[DateAnswer.Answer(given.answer)], now=deed.at)
    return Meeting.objects.select_related("group").get(pk=meeting.pk)


@transaction.atomic
def withdraw_poll(*, poll: DatePoll, by: User | None, now: dt.datetime | None = None) -> DatePoll:
    """End the poll without a date; the meeting's date is still to be found. Raises WrongState."""
    meeting = locked(poll.meeting)
    deed = Deed(by, now or database_now())
    poll = _open(poll)
    poll_ends.end(poll, None, deed)
    note(meeting, "date poll withdrawn", deed)
    return poll


def _open(poll: DatePoll) -> DatePoll:
    poll = DatePoll.objects.select_for_update().get(pk=poll.pk)
    if poll.state != DatePoll.State.OPEN:
        raise WrongState(_("This date poll is over."))
    return poll


def remind_polls(*, now: dt.datetime | None = None) -> int:
    """Write once to those without an answer, shortly before the deadline; return how many letters are new."""
    moment = now or database_now()
    polls = DatePoll.objects.answerable(moment).select_related("meeting__group").order_by("pk")
    return each_alone((poll for poll in polls if reminder_due(poll) <= moment), partial(_remind, now=moment))


def reminder_due(poll: DatePoll) -> dt.datetime:
    return max(poll.closes_at - REMIND, poll.opened_at + (poll.closes_at - poll.opened_at) / 2)


def _remind(poll: DatePoll, now: dt.datetime) -> int:
    heard = set(DateAnswer.objects.filter(slot__poll=poll).values_list("user", flat=True))
    asked = Notice.objects.about(poll).filter(kind=kinds.DATE_POLL, due_at__lt=reminder_due(poll))  # not a minute ago
    told = asked.told().values_list("recipient", flat=True)
    members = telling.members_of(poll.meeting)
    late = [person for person in members if person.pk not in heard]
    newcomers = [person for person in late if person.pk not in set(told)]
    fresh = _ask(poll, newcomers, kinds.DATE_POLL, now)
    return fresh + _ask(poll, [p for p in late if p not in newcomers], kinds.DATE_POLL_OPEN, now)


def _ask(poll: DatePoll, people: Iterable[User], kind: str, now: dt.datetime) -> int:
    return queue(
        [
            planned(kind, poll, f"{kind}:{poll.pk}:{person.pk}", person, due_at=now, expires_at=poll.closes_at)
            for person in people
        ]
    )
