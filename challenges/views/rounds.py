"""A round's steps by those who run it: create, edit, open, close, publish, cancel, decide the focus."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from challenges import actions, preview, rules, starts, times
from challenges.actions.rounds import locked
from challenges.errors import Refused
from challenges.forms import FocusForm, ReasonForm, RoundForm
from challenges.models import Challenge, RankingRound
from challenges.views.doors import confirmed, person, posted, refuse, round_run_by
from challenges.views.register import chosen_group, own_groups
from history.models import Entry
from history.seen import changed, shown
from people.models import User
from workinggroups.rules import STEERING
from workinggroups.views.doors import group_first

State = RankingRound.State


@group_first
def new(request: HttpRequest) -> HttpResponse:
    user = person(request)
    group = chosen_group(request, own_groups(user, STEERING), _("Which group is asked?"))
    if isinstance(group, HttpResponse):
        return group
    start = request.GET.get("start", "")
    wanted = request.GET.get({"deepen": "focus", "decision": "decision"}.get(start, "round"), "")
    form = RoundForm(posted(request), group=group, start=starts.initial(group, start, wanted))
    if request.method == "POST" and form.is_valid():
        round = _saved(form, lambda plan: actions.create_round(plan=plan, by=user))
        if round:
            messages.success(request, _("The round is planned. Open it when it is ready."))
            return redirect(round)
    page = {"title": _("Plan a ranking round"), "overline": group.name, "submit": _("Save the draft")}
    offered = [(name, _(label)) for name, label in starts.STARTS.items()]
    return render(request, "challenges/round_form.html", {"form": form, "starts": offered, "start": start, **page})


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    round, user = round_run_by(request, pk)
    if round.state != State.DRAFT:
        messages.error(request, _("The round is no longer a draft, so its question and options are fixed."))
        return redirect(round)
    form = RoundForm(posted(request), group=round.group, round=round)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        changes = _edit(form, round, user)
        if not changes and form.is_valid():
            messages.success(request, _("The draft was saved."))
            return redirect(round)
    page = {"title": _("Edit the draft"), "overline": round.group.name, "submit": _("Save the draft")}
    context = {"form": form, "cancel_url": round.get_absolute_url(), **page, **changes}
    return render(request, "challenges/round_form.html", context)


@transaction.atomic
def _edit(form: RoundForm, round: RankingRound, by: User) -> dict[str, Any]:
    """Save the draft, or return what somebody else has changed meanwhile; a refusal stands in the form."""
    fresh = locked(round)
    changes = changed(form, shown(RoundForm(group=fresh.group, round=fresh)), Entry.objects.about(fresh))
    if not changes:
        _saved(form, lambda plan: actions.edit_round(round=fresh, plan=plan, by=by))
    return changes


def _saved(form: RoundForm, save: Any) -> RankingRound | None:
    """Save the plan of a valid form; what the action refuses becomes the form's error."""
    try:
        saved: RankingRound = save(form.plan())
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error.messages)
    else:
        return saved
    return None


def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whom the round would ask and what could be published then; POST opens it."""
    round, user = round_run_by(request, pk)
    if round.state != State.DRAFT:
        messages.error(request, _("Only a draft can be opened."))
        return redirect(round)
    page = {
        "title": _("Open “%s”?") % round,
        "text": _("From then on question, challenges and electors are fixed, and members can rank."),
        "submit": _("Open the round"),
        "cancel_url": round.get_absolute_url(),
        "round": round,
        "options": list(round.options.order_by("position")),
        "closes": times.moment(round.closes_at, round.zone),
        "preview": preview.electors(round),
    }
    return confirmed(
        request,
        lambda _form: actions.open_round(round=round, by=user),
        page=page,
        done=_("The round is open."),
        template="challenges/open.html",
    )


def close(request: HttpRequest, pk: int) -> HttpResponse:
    round, user = round_run_by(request, pk)
    if round.state != State.OPEN:
        messages.error(request, _("Only an open round can be closed."))
        return redirect(round)
    cast = ngettext("%(n)s ballot will be counted.", "%(n)s ballots will be counted.", round.ballots_cast)
    page = {
        "title": _("Close “%s” now?") % round,
        "text": " ".join([cast % {"n": round.ballots_cast}, _("A closed round never opens again.")]),
        "submit": _("Close and count"),
        "cancel_url": round.get_absolute_url(),
    }
    return confirmed(
        request,
        lambda _form: actions.close_round(round=round, by=user),
        page=page,
        done=_("The round is closed and counted. The secretariat publishes the result."),
    )


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    round, user = round_run_by(request, pk)
    if round.state != State.CLOSED:
        messages.error(request, _("Only a closed round can be published."))
        return redirect(round)
    if not rules.can_publish(user, round):
        refuse(user, round.group, _("The secretariat publishes results."))
    unlinked = _("The ballots lose their persons for good.")
    linked = _("The ballots stay linked until the repeat is published, six months at most.")
    page = {
        "title": _("Publish the result of “%s”?") % round,
        "text": " ".join([_("Everybody can read it then."), linked if round.will_repeat else unlinked]),
        "submit": _("Publish the result"),
        "cancel_url": round.get_absolute_url(),
    }
    return confirmed(
        request,
        lambda _form: actions.publish_round(round=round, by=user),
        page=page,
        done=_("The result is published. Its outcome publication will be built within a minute."),
    )


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    round, user = round_run_by(request, pk)
    if round.state not in {State.DRAFT, State.OPEN}:
        messages.error(request, _("Only a draft or an open round can be cancelled."))
        return redirect(round)
    form = ReasonForm(posted(request), required=round.state == State.OPEN)
    page = {
        "title": _("Cancel “%s”?") % round,
        "text": _("All ballots cast so far are destroyed. To ask again, plan another round."),
        "submit": _("Cancel the round"),
        "cancel_url": round.get_absolute_url(),
        "danger": True,
    }
    return confirmed(
        request,
        lambda _form: actions.cancel_round(round=round, by=user, reason=form.cleaned_data["reason"]),
        page=page,
        done=_("The round is cancelled."),
        form=form,
    )


def focus(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide which challenges the group takes up."""
    round, user = round_run_by(request, pk)
    if not rules.can_decide_focus(user, round):
        messages.error(request, _("The focus is decided once, after the result is published."))
        return redirect(round)
    ranked = Challenge.objects.filter(round_options__round=round, status__in=actions.TAKEN_UP_FROM)
    form = FocusForm(posted(request), round=round, challenges=ranked.order_by("round_options__position"))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.decide_focus(
                round=round,
                entries=form.entries(),
                reason=values["reason"],
                taken_in=values["decision"] or values["meeting"],
                by=user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The focus is decided and stands on the page of the round."))
            return redirect(round)
    page = {"title": _("Decide the focus"), "overline": round.title, "submit": _("Decide")}
    context = {"form": form, "cancel_url": round.get_absolute_url(), "lede": _focus_lede(), **page}
    return render(request, "pages/form.html", context)


def _focus_lede() -> str:
    return _(
        "Which of the ranked challenges does the group take up? The result does not decide it. "
        "Give equal numbers to challenges that are taken up together."
    )
