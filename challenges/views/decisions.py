"""Naming the decisions in minutes that stand behind a round and its focus."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from challenges import actions
from challenges.errors import Refused
from challenges.forms import DecisionsForm
from challenges.models import Focus, RankingRound
from challenges.views.doors import posted, round_run_by
from history.models import Entry
from history.seen import changed, shown
from people.models import User


def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the decisions; the pages of both ends show the link."""
    round, user = round_run_by(request, pk)
    focus = Focus.objects.filter(round=round).first()
    form = DecisionsForm(posted(request), round=round, focus=focus)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _name(form, round, focus, user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if not changes:
                messages.success(request, _("The decisions are named. The minutes point here, too."))
                return redirect(round)
    page = {
        **changes,
        "title": _("Decisions behind this round"),
        "overline": round.title,
        "lede": _("They link the round and its focus with the minutes, for readers of both."),
        "submit": _("Save"),
        "cancel_url": round.get_absolute_url(),
    }
    return render(request, "pages/form.html", {"form": form, **page})


@transaction.atomic
def _name(form: DecisionsForm, round: RankingRound, focus: Focus | None, by: User) -> dict[str, Any]:
    """Name what changed, as history tells of nothing else; or return what somebody else has named meanwhile."""
    fresh = RankingRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round.pk)
    if focus:
        focus = Focus.objects.select_for_update(of=("self",), no_key=True).get(pk=focus.pk)
    edits = Entry.objects.about(fresh).filter(verb__in=["decision_named", "focus_decision_named"])
    changes = changed(form, shown(DecisionsForm(round=fresh, focus=focus)), edits)
    if changes:
        return changes
    chosen = form.cleaned_data
    if "decision" in form.changed_data:
        actions.name_decision(round=round, decision=chosen["decision"], by=by)
    if focus and "focus_decision" in form.changed_data:
        actions.name_focus_decision(focus=focus, decision=chosen["focus_decision"], by=by)
    return {}
