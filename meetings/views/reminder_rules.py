"""Rules of reminders for a group and for all groups: what is changed is shown, with what it means, before it holds."""

from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Entry
from meetings import actions, rule_changes, rule_words
from meetings.forms.reminders import RuleFormSet, initial
from meetings.models import ReminderRule
from meetings.views import confirming, together
from people.sessions import person
from workinggroups.models import WorkingGroup
from workinggroups.rules import can_enter, can_steer

CHANGES_SHOWN = 10
Of = WorkingGroup | None
DEEDS = {
    "reminders set": gettext_lazy("Rules set"),
    "reminders inherited": gettext_lazy("Returned to the rules for all groups"),
}


def site_reminders(request: HttpRequest) -> HttpResponse:
    """The rules of all groups, for those that have none of their own."""
    if not person(request).is_secretariat:
        raise Http404
    return _page(request, None, "meetings/site_reminders.html")


def group_reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules of a group, for all its meetings that have none of their own."""
    return _page(request, _group(request, slug), "meetings/group_reminders.html")


def _page(request: HttpRequest, of: Of, template: str) -> HttpResponse:
    rules = list(ReminderRule.objects.all())
    own = rule_changes.own_rules(of, rules)
    held = own or rule_changes.own_rules(None, rules)
    formset = RuleFormSet(request.POST or None, initial=initial(held))
    answer = confirming.answer(request, of, formset, rules)
    if isinstance(answer, HttpResponse):
        return answer
    context = {
        "seen": together.rules_to_see(of, request, rules),
        **answer,
        "group": of,
        "formset": formset,
        "is_own": bool(own),
        "coming": rule_changes.next_letters(of, rules, timezone.now()),
        "history": _history(of),
        "by_secretariat": person(request).is_secretariat,
    }
    return render(request, template, context)


def _history(of: Of) -> list[dict[str, Any]]:
    """Who set which rules when, the newest first."""
    entries = Entry.objects.about(of or ContentType.objects.get_for_model(ReminderRule))
    listed = entries.filter(verb__in=DEEDS).select_related("by")[:CHANGES_SHOWN]
    return [
        {"at": e.at, "by": e.by, "deed": DEEDS[e.verb], "rules": _remembered(e.payload.get("rules", []))}
        for e in listed
    ]


def _remembered(rules: list[dict[str, Any]]) -> list[str]:
    return [rule_words.remembered(values) for values in rules]


def group_inherit(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then give the group's own rules up for those of all groups."""
    group = _group(request, slug)
    if request.method == "POST":
        actions.set_rules(of=group, lines=[], by=person(request))
        messages.success(request, _("The inherited rules hold again."))
        return redirect("meetings:group_reminders", group.slug)
    page = {
        "title": _("Return to the rules for all groups?"),
        "text": _("The rules of this group are deleted. Meetings with rules of their own keep them."),
        "submit": _("Return to the rules for all groups"),
        "cancel_url": resolve_url("meetings:group_reminders", group.slug),
    }
    return render(request, "pages/confirm.html", page)


def _group(request: HttpRequest, slug: str) -> WorkingGroup:
    planner = person(request)
    group = get_object_or_404(WorkingGroup.objects.visible_to(planner), slug=slug)
    if can_steer(planner, group):
        return group
    if can_enter(planner, group):
        raise PermissionDenied(_("Reminders are set by the leader of the group and by the secretariat."))
    raise Http404
