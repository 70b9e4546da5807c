"""Which reminder is due for whom: the rules that hold for a meeting, the step it stands at, the people of that step."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import BigIntegerField, F, Q, QuerySet

from history.prepared import Key, Prepared
from meetings import times
from meetings.models import Attendee, Meeting, MeetingQuerySet, ReminderRule

Reply, Audience, Anchor = Attendee.Reply, ReminderRule.Audience, ReminderRule.Anchor
ASKED = {
    Audience.ALL: {Reply.NONE, Reply.YES, Reply.ONLINE, Reply.MAYBE},  # who said no hears no more of it
    Audience.NO_REPLY: {Reply.NONE},
    Audience.YES_OR_MAYBE: {Reply.YES, Reply.ONLINE, Reply.MAYBE},
    Audience.ONLINE: {Reply.ONLINE},
    Audience.OWNERS: set(Reply),  # who has promised something hears of it, coming or not
}
AFTERMATH = dt.timedelta(days=30)  # later nobody waits for the minutes of a meeting by mail


@dataclass(frozen=True)
class Step:
    """Rules that are due at the same moment. Their letters are of use until the next step, or the end of the line."""

    due_at: dt.datetime
    expires_at: dt.datetime
    rules: tuple[ReminderRule, ...]


def rules_for(meeting: Meeting, rules: Iterable[ReminderRule]) -> list[ReminderRule]:
    """Return the active rules that hold: those of the meeting replace its group's, which replace the site's."""
    of_meeting = [rule for rule in rules if rule.meeting_id == meeting.pk]
    of_group = [rule for rule in rules if rule.meeting_id is None and rule.group_id == meeting.group_id]
    of_site = [rule for rule in rules if rule.meeting_id is None and rule.group_id is None]
    return [rule for rule in of_meeting or of_group or of_site if rule.is_active]


def due_at(rule: ReminderRule, meeting: Meeting) -> dt.datetime | None:
    """Return when the rule's letters go out, or None where its anchor is not set; days are those of its own clock."""
    anchors = {
        Anchor.START: meeting.starts_at,
        Anchor.REPLY_BY: meeting.reply_by,
        Anchor.END: meeting.ends_at,
    }
    anchor = anchors[Anchor(rule.anchor)]
    return times.away(anchor, rule.offset, meeting.zone) if anchor else None


def steps(meeting: Meeting, rules: Iterable[ReminderRule]) -> list[Step]:
    """Return the steps before the start, first to last. No reminder is sent once a meeting has begun."""
    if meeting.starts_at is None:
        return []
    before = [rule for rule in rules_for(meeting, list(rules)) if rule.anchor != Anchor.END]
    return _line(meeting, before, meeting.starts_at)


def steps_after(meeting: Meeting, rules: Iterable[ReminderRule]) -> list[Step]:
    """Return the steps after the end, first to last; a month later there are none."""
    if meeting.ends_at is None:
        return []
    after = [rule for rule in rules_for(meeting, list(rules)) if rule.anchor == Anchor.END]
    return _line(meeting, after, meeting.ends_at + AFTERMATH)


def _line(meeting: Meeting, rules: Iterable[ReminderRule], end: dt.datetime) -> list[Step]:
    dated = [(moment, rule) for rule in rules if (moment := due_at(rule, meeting)) and moment < end]
    if not dated:
        return []
    dated.sort(key=lambda pair: (pair[0], pair[1].pk))
    grouped = [(moment, tuple(rule for _, rule in pairs)) for moment, pairs in groupby(dated, key=lambda pair: pair[0])]
    ends = [moment for moment, _ in grouped[1:]] + [end]
    return [Step(moment, end, held) for (moment, held), end in zip(grouped, ends, strict=True)]


def current(line: list[Step], now: dt.datetime) -> Step | None:
    """Return the latest step that is due: whoever comes late gets this one only, never a pile."""
    due = [step for step in line if step.due_at <= now]
    return due[-1] if due else None


def just_over(now: dt.datetime) -> MeetingQuerySet:
    """Meetings that ended less than a month ago; not those recorded afterwards, of which nobody was told."""
    held = Meeting.objects.filter(state__in=[Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED])
    fresh = held.filter(ends_at__lte=now, ends_at__gt=now - AFTERMATH, announced_at__lt=F("starts_at"))
    return fresh.select_related("group").order_by("starts_at", "pk")


def holding(meeting: Meeting, origin: int) -> ReminderRule | None:
    """Return the rule that holds for the meeting and writes these letters: the one copied from `origin`, or itself."""
    rules = rules_for(meeting, NEAR.ask(meeting=meeting.pk, group=meeting.group_id))
    return next((rule for rule in rules if rule.origin == origin), None)


def _near() -> QuerySet[ReminderRule]:
    """The rules that may hold for a meeting: its own, its group's, the site's."""
    number = BigIntegerField()
    of_group = Q(meeting=None, group=Key("group", number)) | Q(meeting=None, group=None)
    return ReminderRule.objects.filter(Q(meeting=Key("meeting", number)) | of_group).order_by("offset", "pk")


NEAR = Prepared(_near)


def owners(meeting: Meeting) -> set[int]:
    """The ids of those with open action points of this meeting."""
    return set(meeting.actions.open().filter(owner__isnull=False).values_list("owner", flat=True))


def has_news(meeting: Meeting) -> bool:
    """Is there something to tell afterwards? Minutes that others may read, a decision, an action point."""
    told = Q(pk__in=meeting.minutes.exclude(state="draft").values("meeting"))
    found = told | Q(pk__in=meeting.decisions.values("meeting")) | Q(pk__in=meeting.actions.values("meeting"))
    return Meeting.objects.filter(found, pk=meeting.pk).exists()


def replies_meant(rule: ReminderRule, meeting: Meeting) -> set[Attendee.Reply]:
    """Return the replies the rule writes to. Where everybody is online, a yes is an "online"; in a room nobody is.

    What came of a meeting is for all invited, also for those who could not come.
    """
    audience = Audience(rule.audience)
    if rule.anchor == Anchor.END and audience == Audience.ALL:
        return set(Reply)
    if audience != Audience.ONLINE or meeting.mode == Meeting.Mode.HYBRID:
        return ASKED[audience]
    return {Reply.YES, Reply.ONLINE} if meeting.mode == Meeting.Mode.ONLINE else set()


def is_meant(rule: ReminderRule, attendee: Attendee, meeting: Meeting, owing: Collection[int] = ()) -> bool:
    """Does the rule write to this person, as they have answered? `owing`: the ids of `owners`."""
    if rule.audience == Audience.OWNERS and attendee.user_id not in owing:
        return False
    return attendee.reply in replies_meant(rule, meeting)


def is_for(
    rule: ReminderRule, moment: dt.datetime, attendee: Attendee, meeting: Meeting, owing: Collection[int] = ()
) -> bool:
    """Is the rule's letter for this person? `moment` is when the rule is due.

    Somebody asked (invited, or told of another time) after that moment has just had the latest letter, and gets this
    one only after answering.
    """
    if not is_meant(rule, attendee, meeting, owing):
        return False
    answered_since = attendee.replied_at is not None and attendee.replied_at >= attendee.asked_at
    return moment > attendee.asked_at or answered_since
