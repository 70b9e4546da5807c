"""Reminder rules in the words of those who plan."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.models import ReminderRule

Anchor = ReminderRule.Anchor


def offset_text(rule: ReminderRule) -> str:
    """Return "14 days before the start", "2 days after the end"."""
    seconds = int(rule.offset.total_seconds())
    length = length_text(abs(seconds))
    if rule.anchor == Anchor.END:
        return _("%(length)s after the end") % {"length": length} if seconds else _("at the end")
    if rule.anchor == Anchor.REPLY_BY:
        return _reply_text(seconds, length)
    return _("%(length)s before the start") % {"length": length} if seconds else _("at the start")


def _reply_text(seconds: int, length: str) -> str:
    if not seconds:
        return _("at the reply date")
    words = _("%(length)s after the reply date") if seconds > 0 else _("%(length)s before the reply date")
    return words % {"length": length}


def length_text(seconds: int) -> str:
    """Return "1 day 2 hours"."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    pairs = [
        (days, ngettext("%(n)d day", "%(n)d days", days)),
        (hours, ngettext("%(n)d hour", "%(n)d hours", hours)),
        (rest // 60, ngettext("%(n)d minute", "%(n)d minutes", rest // 60)),
    ]
    return " ".join(text % {"n": number} for number, text in pairs if number)


def sentence(rule: ReminderRule) -> str:
    """Return "14 days before the start, to those who have not answered: Please answer the invitation"."""
    return _("%(when)s, to %(whom)s: %(letter)s") % {
        "when": offset_text(rule),
        "whom": rule.get_audience_display(),
        "letter": rule.get_letter_display(),
    }


def in_full(rule: ReminderRule) -> str:
    """The sentence, and that the rule is silent where it is."""
    return sentence(rule) if rule.is_active else _("%(rule)s (not in use)") % {"rule": sentence(rule)}


def kept(rule: ReminderRule) -> dict[str, Any]:
    """Return the rule as the history keeps it: plain values, to be told in any language."""
    plain = {name: getattr(rule, name) for name in ("anchor", "audience", "letter", "is_active")}
    return {name: value if name == "is_active" else str(value) for name, value in plain.items()} | {
        "seconds": int(rule.offset.total_seconds())
    }


def remembered(values: dict[str, Any]) -> str:
    """Return a kept rule as its sentence."""
    plain = {name: value for name, value in values.items() if name != "seconds"}
    return in_full(ReminderRule(offset=dt.timedelta(seconds=values["seconds"]), **plain))


def level(rule: ReminderRule) -> str:
    """Whose rule it is."""
    if rule.meeting_id:
        return _("a rule of this meeting")
    return _("a rule of the group") if rule.group_id else _("a rule for all groups")
