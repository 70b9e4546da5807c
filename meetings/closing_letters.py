"""The letter after a meeting: its minutes, what was decided, and who does what until when."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import calendars, kinds, letters, reminding, rule_letters
from meetings.models import Meeting, ReminderRule
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice
from workinggroups.models import Membership


def unwanted_afterwards(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - `expires_at` has asked the clock
    """What came of a meeting: nothing is left to come to, but the rule and the membership must still hold."""
    meeting = letters.about(notice)
    if meeting is None:
        return letters.GONE
    members = Membership.objects.active().filter(group=meeting.group, user=notice.recipient)
    if not members.exists():
        return letters.LEFT
    rule, attendee = reminding.holding(meeting, notice.payload["rule"]), letters.seat_of(notice)
    if rule is None or attendee is None:
        return letters.SWITCHED_OFF
    return "" if reminding.is_meant(rule, attendee, meeting, reminding.owners(meeting)) else letters.NOTHING_OPEN


def afterwards(notice: Notice) -> Draft:
    """Minutes, decisions and action points; the recipient's own first."""
    meeting, person = letters.meeting_of(notice), letters.addressee(notice)
    points = list(meeting.actions.open().select_related("owner").order_by("due", "pk"))
    minutes = meeting.minutes.visible_to(person).exclude(state="draft").order_by("-revision").first()
    return letters.draft(
        notice,
        _("Minutes and actions: %(title)s, %(day)s"),
        minutes_url=calendars.absolute(minutes.get_absolute_url()) if minutes else "",
        minutes_state=minutes.get_state_display() if minutes else "",
        decisions=list(meeting.decisions.order_by("position", "pk")),
        own_points=[point for point in points if point.owner_id == person.pk],
        other_points=[point for point in points if point.owner_id != person.pk],
    )


def newest() -> Meeting | None:
    """A meeting to show the letter with."""
    over = [Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED]
    return Meeting.objects.filter(state__in=over).order_by("-starts_at", "-pk").first()


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Letter(
            kinds.reminder(ReminderRule.Letter.AFTERWARDS),
            gettext_lazy("Minutes and actions"),
            unwanted_afterwards,
            afterwards,
            essential=False,
            letter_class=LetterClass.MEETING,
            who_gets=gettext_lazy("the invited, or those with open action points, when there is something to tell"),
            sample=newest,
            on_hold=rule_letters.paused,
        )
    )
