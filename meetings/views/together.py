"""Two people edit at once: what that means for meetings and for their rules."""

from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from history import seen
from history.models import Entry
from meetings import rule_changes, rule_words
from meetings.actions.reminder_rules import kept_by
from meetings.forms.reminders import opened, sealed
from meetings.models import Meeting, ReminderRule
from meetings.rule_changes import Kept
from people.models import User
from workinggroups.models import WorkingGroup

NO_EDITS = ("replied", "date poll answered")


def changed(
    form: forms.BaseForm, now: dict[str, list[str]], about: models.Model, labels: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what somebody else has changed since the page was made, and let the form show it; empty if nobody did.

    `now` is what a new form would show, read under the row's lock; `labels` are those of texts that are no fields.
    """
    return seen.changed(form, now, _edits(about), labels)


def rules_seen(request: HttpRequest) -> list[Kept] | None:
    """Return the rules that the page showed from which the request comes."""
    return opened(request.POST.get("seen", ""))


def rules_to_see(of: Meeting | WorkingGroup | None, request: HttpRequest, rules: list[ReminderRule]) -> str:
    """Return what the next page sends along: what this one began with, or what holds now."""
    before = rules_seen(request)
    return sealed(rule_changes.kept(of, rules) if before is None else before)


def other_rules(of: Meeting | WorkingGroup | None, before: list[Kept] | None) -> dict[str, Any]:
    """Return which rules somebody else has set since, as sentences; empty if nobody did."""
    now = kept_by(of)
    if before is None or before == now:
        return {}
    changes = {
        "removed": [rule_words.remembered(rule) for rule in before if rule not in now],
        "added": [rule_words.remembered(rule) for rule in now if rule not in before],
        "changed_by": last_editor(of or ContentType.objects.get_for_model(ReminderRule)),
    }
    return {"changes": changes, "seen": sealed(now)}


def last_editor(about: models.Model) -> User | None:
    """Return who did the last thing to it; nobody for what the clock did."""
    last: User | None = seen.last_editor(_edits(about))
    return last


def _edits(about: models.Model) -> QuerySet[Entry]:
    return Entry.objects.about(about).exclude(verb__in=NO_EDITS)
