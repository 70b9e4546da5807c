"""What other rules for a meeting, a group or all groups would mean: for which meetings, and what goes out then."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib.contenttypes.models import ContentType

from meetings import forecast, reminding, rule_words
from meetings.forecast import Expected
from meetings.models import Attendee, Meeting, ReminderRule
from notices.models import Notice
from workinggroups.models import WorkingGroup

SHOWN = 3  # meetings whose next letters are shown
Rules = Sequence[ReminderRule]
Of = WorkingGroup | None
Kept = dict[str, Any]  # see `rule_words.kept`


@dataclass(frozen=True)
class Outlook:
    """Sentences of the rules, the meetings for which they hold, and letters of these."""

    kept: list[str]
    added: list[str]
    removed: list[str]
    meetings: list[Meeting]
    others: int  # coming meetings that have rules of their own, or whose group has
    at_once: list[tuple[Meeting, Expected]]
    later: list[tuple[Meeting, list[Expected]]]

    @property
    def changes(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def letters_at_once(self) -> int:
        return sum(line.people for _meeting, line in self.at_once)


def own_rules(of: Meeting | Of, rules: Iterable[ReminderRule]) -> list[ReminderRule]:
    """Return the rules of a meeting, those of a group, or those of all groups."""
    if isinstance(of, Meeting):
        return [rule for rule in rules if rule.meeting_id == of.pk]
    return [rule for rule in rules if rule.meeting_id is None and rule.group_id == (of and of.pk)]


def sources(of: Meeting | Of, rules: Rules) -> list[ReminderRule]:
    """Return all rules that one for this level can have been made from, the nearest last."""
    near = held_by(of, rules)
    group = of.group if isinstance(of, Meeting) else of
    return [*own_rules(None, rules), *own_rules(group, rules), *near]


def held_by(of: Meeting | Of, rules: Rules) -> list[ReminderRule]:
    """Return the rules of the nearest level that has any: a meeting's own, its group's, those of all groups."""
    return own_rules(of, rules) or _inherited(of, rules)


def _inherited(of: Meeting | Of, rules: Rules) -> list[ReminderRule]:
    """Return the rules that hold where this level has none."""
    if isinstance(of, Meeting):
        return held_by(of.group, rules)
    return own_rules(None, rules) if of else []


def kept(of: Meeting | Of, rules: Rules) -> list[Kept]:
    """Return the rules that hold at this level as the history keeps them: to compare and to tell in words."""
    held = sorted(held_by(of, rules), key=lambda rule: (rule.offset, rule.letter, rule.anchor))
    return [rule_words.kept(rule) for rule in held]


def outlook(of: Meeting | Of, wanted: Rules, now: dt.datetime) -> Outlook:
    """Return what happens when `wanted` (unsaved) replace the rules of this level."""
    rules = list(ReminderRule.objects.select_related("group", "meeting"))
    own = own_rules(of, rules)
    before, after = (_sentences(held or _inherited(of, rules)) for held in (own, wanted))
    scope = [meeting for meeting in _near(now) if _is_within(of, meeting)]
    held = [meeting for meeting in scope if _holds_for(of, meeting, rules)]
    future = [rule for rule in rules if rule not in own] + list(wanted)
    expected = _forecasts(held, future, now)
    return Outlook(
        [text for text in after if text in before],
        [text for text in after if text not in before],
        [text for text in before if text not in after],
        held,
        len(scope) - len(held),
        [(meeting, line) for meeting, lines in expected for line in lines if _goes_at_once(meeting, line, now)],
        [(meeting, later) for meeting, lines in expected if (later := _later(lines, now))][:SHOWN],
    )


def next_letters(of: Of, rules: Rules, now: dt.datetime) -> list[tuple[Meeting, list[Expected]]]:
    """Return the letters of the next meetings for which the rules of this level hold as they are."""
    near = [meeting for meeting in _near(now) if _holds_for(of, meeting, rules)][:SHOWN]
    lines = ((meeting, _later(expected, now)) for meeting, expected in _forecasts(near, rules, now))
    return [(meeting, later) for meeting, later in lines if later]


def _forecasts(meetings: list[Meeting], rules: Rules, now: dt.datetime) -> list[tuple[Meeting, list[Expected]]]:
    """Return what `forecast.of_meeting` says of each, read for all of them at once."""
    asked = forecast.with_wishes(Attendee.objects.filter(meeting__in=meetings)).select_related("user")
    people, had = defaultdict[int, list[Attendee]](list), defaultdict[int, set[str]](set)
    for attendee in asked.order_by("user__display_name", "pk"):
        people[attendee.meeting_id].append(attendee)
    about = ContentType.objects.get_for_model(Meeting)
    letters = Notice.objects.filter(about_type=about, about_id__in=[each.pk for each in meetings])
    for meeting, key in letters.filter(key__startswith="rule:").values_list("about_id", "key"):
        had[meeting].add(key)
    known = {each.pk: forecast.known(each, people[each.pk], had[each.pk]) for each in meetings}
    return [(each, forecast.at_a_glance(each, rules, now, known[each.pk])) for each in meetings]


def _sentences(rules: Iterable[ReminderRule]) -> list[str]:
    return [rule_words.in_full(rule) for rule in sorted(rules, key=lambda rule: rule.offset)]


def _near(now: dt.datetime) -> list[Meeting]:
    """Meetings to come, and those of which something may still be told."""
    coming = Meeting.objects.to_remind(now).select_related("group")
    return list(chain(coming, reminding.just_over(now)))


def _is_within(of: Meeting | Of, meeting: Meeting) -> bool:
    if isinstance(of, Meeting):
        return meeting.pk == of.pk
    return of is None or meeting.group_id == of.pk


def _holds_for(of: Meeting | Of, meeting: Meeting, rules: Iterable[ReminderRule]) -> bool:
    """Nearer rules win: those of the meeting, then those of its group."""
    if isinstance(of, Meeting) or not _is_within(of, meeting):
        return _is_within(of, meeting)
    nearer = [rule for rule in rules if rule.meeting_id == meeting.pk or (of is None and _of_group(rule, meeting))]
    return not nearer


def _of_group(rule: ReminderRule, meeting: Meeting) -> bool:
    return rule.meeting_id is None and rule.group_id == meeting.group_id


def _goes_at_once(meeting: Meeting, line: Expected, now: dt.datetime) -> bool:
    """A meeting whose reminders are paused sends none until somebody resumes."""
    kept_back = meeting.reminders_paused_at or line.waits_for_news
    return line.due_at <= now and line.people > 0 and not kept_back


def _later(lines: Iterable[Expected], now: dt.datetime) -> list[Expected]:
    return [line for line in lines if line.due_at > now]
