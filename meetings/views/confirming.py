"""New reminder rules are shown with what they mean, for a meeting, a group or all groups, before they hold."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import actions, rule_changes
from meetings.actions.reminder_rules import rule_of
from meetings.errors import EditedMeanwhile
from meetings.forms.reminders import BaseRules
from meetings.models import Meeting, ReminderRule
from meetings.views import together
from people.sessions import person
from workinggroups.models import WorkingGroup

Of = Meeting | WorkingGroup | None


def answer(
    request: HttpRequest, of: Of, formset: BaseRules, rules: list[ReminderRule]
) -> HttpResponse | dict[str, Any]:
    """Show what would change; save what has been shown. Or return what somebody else has changed meanwhile, if so."""
    if request.method != "POST" or not formset.is_valid() or "again" in request.POST:
        return {}
    lines, seen = formset.lines(rule_changes.sources(of, rules)), together.rules_seen(request)
    if changes := together.other_rules(of, seen):
        return changes
    if "confirmed" in request.POST:
        return _save(request, of, lines)
    outlook = rule_changes.outlook(of, [rule_of(of, line) for line in lines], timezone.now())
    if not outlook.changes:
        messages.info(request, _("Nothing was changed."))
        return redirect(request.path)
    page = {"of": of, "formset": formset, "outlook": outlook, "seen": together.rules_to_see(of, request, rules)}
    return render(request, "meetings/rules_confirm.html", page)


def _save(request: HttpRequest, of: Of, lines: list[actions.RuleLine]) -> HttpResponse | dict[str, Any]:
    seen = together.rules_seen(request)
    try:
        number = actions.set_rules(of=of, lines=lines, by=person(request), seen=seen)
    except EditedMeanwhile:  # at this very moment
        return together.other_rules(of, seen)
    messages.success(request, _("The rules are saved.") if number or of is None else _("The inherited rules hold."))
    return redirect(request.path)
