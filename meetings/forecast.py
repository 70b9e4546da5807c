"""Who gets which reminder, when and why, and who does not: as far as it can be said today."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings import kinds, reminding, rule_words, times
from meetings.letters import PASSING
from meetings.models import Attendee, Meeting, ReminderRule
from meetings.models.attendance import AttendeeQuerySet
from notices.letters import letter_of
from notices.models import Channel, LetterClass, Notice, Preference
from workinggroups.models import Membership

Reply = Attendee.Reply
OFF = {Meeting.State.DRAFT, Meeting.State.POLLING, Meeting.State.POSTPONED, Meeting.State.CANCELLED}
INVITED_LATER = gettext_lazy("was invited after it was due")


@dataclass(frozen=True)
class Expected:
    """The letters of one rule for one meeting. `due_at` is on the meeting's clock, past for the step that holds now."""

    rule: ReminderRule
    due_at: dt.datetime
    expires_at: dt.datetime
    recipients: list[Attendee]
    others: list[tuple[Attendee, str]]  # with the reason
    waits_for_news: bool = False

    @property
    def title(self) -> str | Promise:
        return letter_of(kinds.reminder(self.rule.letter)).describes

    @property
    def when(self) -> str:
        return rule_words.offset_text(self.rule)

    @property
    def why(self) -> str:
        return f"{rule_words.sentence(self.rule)} ({rule_words.level(self.rule)})"

    @property
    def reasons(self) -> list[tuple[str, list[Attendee]]]:
        """The others by why they do not get it."""
        by_reason: dict[str, list[Attendee]] = {}
        for person, reason in self.others:
            by_reason.setdefault(reason, []).append(person)
        return sorted(by_reason.items())

    @property
    def meant(self) -> list[Attendee]:
        """Whom it reaches when it is sent now: those too whom it is too late to write to by itself."""
        return [*self.recipients, *(person for person, reason in self.others if str(reason) == str(INVITED_LATER))]

    @property
    def people(self) -> int:
        return len(self.recipients)


@dataclass(frozen=True)
class Known:
    """What was read: everybody ever asked (see `with_wishes`), keys of letters, who owes something, is there news."""

    people: Sequence[Attendee]
    had: Collection[str]
    owing: Collection[int] = ()
    news: bool = False


def of_meeting(
    meeting: Meeting, rules: Iterable[ReminderRule], now: dt.datetime, *, until: dt.datetime | None = None
) -> list[Expected]:
    """Return what is still to be written about one meeting, the next first; nothing once it is off."""
    line = _line(meeting, list(rules), now, until)
    if not line:
        return []
    people = with_wishes(Attendee.objects.filter(meeting=meeting)).select_related("user")
    letters = Notice.objects.about(meeting).filter(key__startswith="rule:")
    had = (letter.key for letter in letters.only("key", "state", "reason") if not is_to_come(letter))
    return _filled(meeting, line, known(meeting, people.order_by("user__display_name", "pk"), had))


def is_to_come(letter: Notice) -> bool:
    """Is it on hold, or would it go out after all if what kept it back held no more?"""
    if letter.state == Notice.State.DUE:
        return bool(letter.reason)
    return letter.state == Notice.State.SKIPPED and letter.reason in PASSING


def at_a_glance(meeting: Meeting, rules: Iterable[ReminderRule], now: dt.datetime, seen: Known) -> list[Expected]:
    """Return the same from what a page has read anyway."""
    return _filled(meeting, _line(meeting, list(rules), now, None), seen)


def known(meeting: Meeting, people: Iterable[Attendee], had: Iterable[str]) -> Known:
    """Of a meeting that is off nothing is written, and before one nothing has come of it: that costs no query."""
    if meeting.state in {*OFF, Meeting.State.SCHEDULED}:
        return Known(list(people), set(had))
    return Known(list(people), set(had), reminding.owners(meeting), reminding.has_news(meeting))


def _line(
    meeting: Meeting, rules: list[ReminderRule], now: dt.datetime, until: dt.datetime | None
) -> list[reminding.Step]:
    if meeting.state in OFF:
        return []
    before = reminding.steps(meeting, rules) if meeting.state == Meeting.State.SCHEDULED else []
    line = [step for step in [*before, *reminding.steps_after(meeting, rules)] if step.expires_at > now]
    return [step for step in line if until is None or step.due_at <= until]


def _filled(meeting: Meeting, line: list[reminding.Step], seen: Known) -> list[Expected]:
    return [_expected(Question(rule, step, meeting, seen)) for step in line for rule in step.rules]


def _expected(asked: "Question") -> Expected:
    rule, step, zone = asked.rule, asked.step, asked.meeting.zone
    reasons = [(person, asked.why_not(person)) for person in asked.seen.people]
    return Expected(
        rule,
        step.due_at.astimezone(zone),
        step.expires_at.astimezone(zone),
        [person for person, reason in reasons if not reason],
        [(person, reason) for person, reason in reasons if reason],
        waits_for_news=rule.anchor == ReminderRule.Anchor.END and not asked.seen.news,
    )


def with_wishes(attendees: AttendeeQuerySet) -> AttendeeQuerySet:
    """Attendees with `is_member` and `opted_out`."""
    member = Membership.objects.active().filter(group=OuterRef("meeting__group"), user=OuterRef("user"))
    wishes = Preference.objects.filter(person=OuterRef("user"), letter_class=LetterClass.MEETING, channel=Channel.NONE)
    return attendees.annotate(is_member=Exists(member), opted_out=Exists(wishes))


@dataclass(frozen=True)
class Question:
    """Does this rule write to somebody at this step?"""

    rule: ReminderRule
    step: reminding.Step
    meeting: Meeting
    seen: Known

    def why_not(self, person: Attendee) -> str:
        """Return why the person does not get the letter, or nothing."""
        reason = self._why_never(person)
        if reason or reminding.is_for(self.rule, self.step.due_at, person, self.meeting, self.seen.owing):
            return reason
        return str(INVITED_LATER)

    def _why_never(self, person: Attendee) -> str:
        if not person.user.is_active:
            return _("account not active")
        if not getattr(person, "is_member", True):
            return _("no longer a member")
        if key_of(self.rule, person, self.meeting) in self.seen.had:
            return _("has had it")
        if not reminding.is_meant(self.rule, person, self.meeting, self.seen.owing):
            return _not_meant(self.rule, person)
        return _("wants no letters about meetings") if getattr(person, "opted_out", False) else ""


def _not_meant(rule: ReminderRule, person: Attendee) -> str:
    if rule.audience == ReminderRule.Audience.OWNERS:
        return _("has no open action point")
    return _answer(person.reply)


@times.kept_by_language
def _answer(reply: str) -> str:
    if reply == Reply.NONE:
        return _("has not answered")
    return _("answered: %(reply)s") % {"reply": Reply(reply).label}


def key_of(rule: ReminderRule, person: Attendee, meeting: Meeting) -> str:
    """What makes it the same letter: rule, meeting, schedule revision, person."""
    return f"rule:{rule.origin}:{meeting.pk}:{meeting.schedule_revision}:{person.user_id}"
