"""Which reminder is due for whom: the rules that hold for a meeting, the step it stands at, the people of that step."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from meetings.models import Attendee, Meeting, ReminderRule

Reply, Audience = Attendee.Reply, ReminderRule.Audience
ASKED = {
    Audience.ALL: {Reply.NONE, Reply.YES, Reply.ONLINE, Reply.MAYBE},  # who said no hears no more of it
    Audience.NO_REPLY: {Reply.NONE},
    Audience.YES_OR_MAYBE: {Reply.YES, Reply.ONLINE, Reply.MAYBE},
    Audience.ONLINE: {Reply.ONLINE},
    Audience.OWNERS: set(Reply),  # who has promised something hears of it, coming or not
}


@dataclass(frozen=True)
class Step:
    """Rules that are due at the same moment. Their letters are of use until the next step, or the start, comes."""

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
    """Return when the rule's letters go out, or None where its anchor is not set."""
    anchors = {
        ReminderRule.Anchor.START: meeting.starts_at,
        ReminderRule.Anchor.REPLY_BY: meeting.reply_by,
        ReminderRule.Anchor.END: meeting.ends_at,
    }
    anchor = anchors[ReminderRule.Anchor(rule.anchor)]
    return anchor + rule.offset if anchor else None


def steps(meeting: Meeting, rules: Iterable[ReminderRule]) -> list[Step]:
    """Return the steps before the start, first to last. No reminder is sent once a meeting has begun."""
    start = meeting.starts_at
    if start is None:
        return []
    dated = [(moment, rule) for rule in rules_for(meeting, list(rules)) if (moment := due_at(rule, meeting))]
    early = sorted(((moment, rule) for moment, rule in dated if moment < start), key=lambda pair: (pair[0], pair[1].pk))
    grouped = [(moment, tuple(rule for _, rule in pairs)) for moment, pairs in groupby(early, key=lambda pair: pair[0])]
    ends = [moment for moment, _ in grouped[1:]] + [start]
    return [Step(moment, end, held) for (moment, held), end in zip(grouped, ends, strict=True)]


def current(line: list[Step], now: dt.datetime) -> Step | None:
    """Return the latest step that is due: whoever comes late gets this one only, never a pile."""
    due = [step for step in line if step.due_at <= now]
    return due[-1] if due else None


def replies_meant(rule: ReminderRule, meeting: Meeting) -> set[Attendee.Reply]:
    """Return the replies the rule writes to. Where everybody is online, a yes is an "online"; in a room nobody is."""
    audience = Audience(rule.audience)
    if audience != Audience.ONLINE or meeting.mode == Meeting.Mode.HYBRID:
        return ASKED[audience]
    return {Reply.YES, Reply.ONLINE} if meeting.mode == Meeting.Mode.ONLINE else set()


def is_for(rule: ReminderRule, moment: dt.datetime, attendee: Attendee, meeting: Meeting) -> bool:
    """Is the rule's letter for this person? `moment` is when the rule is due.

    Somebody asked (invited, or told of another time) after that moment has just had the latest letter, and gets this
    one only after answering.
    """
    if attendee.reply not in replies_meant(rule, meeting):
        return False
    answered_since = attendee.replied_at is not None and attendee.replied_at >= attendee.asked_at
    return moment > attendee.asked_at or answered_since
