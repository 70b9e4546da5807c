"""The signed link of an invitation: the token is the permission, GET shows, POST changes."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from history.clock import database_now
from people.actions import AddressTakenError
from people.limits import limited
from people.models import User
from people.sessions import viewer
from workinggroups import actions
from workinggroups.errors import GroupError
from workinggroups.forms import JoinForm
from workinggroups.models import Invitation
from workinggroups.tokens import invitation_of, join_path, token_of

LINK, NETWORK = 20, 120  # tries within an hour; a whole meeting may sit behind one network address


def _is_open(invitation: Invitation) -> bool:
    return invitation.state == Invitation.State.PENDING and invitation.expires_at > database_now()


def _refused(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """A page that says why the link does not work: 404 for one never made here, 410 for one that is over."""
    state = ""
    if invitation is not None:
        invitation.refresh_from_db(fields=["state"])
        pending = invitation.state == Invitation.State.PENDING
        state = Invitation.State.EXPIRED if pending else invitation.state
    context = {"invitation": invitation, "state": state}
    return render(request, "workinggroups/join_refused.html", context, status=410 if invitation else 404)


@login_not_required
@never_cache
@limited("join", link=LINK, network=NETWORK)
def join(request: HttpRequest, token: str) -> HttpResponse:
    invitation, reader = invitation_of(token), viewer(request)
    if invitation is None or not _is_open(invitation):
        own = reader is not None and invitation is not None and _joined(invitation, reader)
        return redirect(invitation.group) if own and invitation else _refused(request, invitation)
    account = actions.account_of(invitation.email)
    if account or reader:
        return _join_with_account(request, invitation, account, reader)
    return _join_as_newcomer(request, invitation)


def _joined(invitation: Invitation, reader: User) -> bool:
    """Whoever opens the letter again after joining wants to see the group."""
    return invitation.membership is not None and invitation.membership.user_id == reader.pk


def _page(request: HttpRequest, name: str, invitation: Invitation, **more: Any) -> HttpResponse:
    context = {"invitation": invitation, "group": invitation.group, "token": token_of(invitation), **more}
    return render(request, f"workinggroups/{name}.html", context)


def _join_with_account(
    request: HttpRequest, invitation: Invitation, account: User | None, reader: User | None
) -> HttpResponse:
    """Somebody who has an account joins with it; somebody signed in as another person is asked to sign out first."""
    its_person = reader if account and reader == account else None
    if request.method != "POST" or its_person is None:
        context = {"account": account, "its_person": its_person, "stranger": None if its_person else reader}
        return _page(request, "join_account", invitation, **context)
    try:
        actions.accept(invitation=invitation, by=its_person)
    except GroupError as error:
        messages.error(request, str(error))
        return redirect(invitation.group)
    return _welcome(request, invitation)


def _join_as_newcomer(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = JoinForm(request.POST or None, invitation=invitation)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "join", invitation, form=form)
    try:
        membership = actions.accept_as_newcomer(
            invitation=invitation, profile=form.profile(), password=form.cleaned_data["password1"]
        )
    except AddressTakenError:  # an account came into being meanwhile: the page asks to sign in
        return redirect(join_path(invitation))
    except GroupError:
        return _refused(request, invitation)
    login(request, membership.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return _welcome(request, invitation)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome to the group %s.") % invitation.group)
    return redirect(invitation.group)


@login_not_required
@never_cache
@limited("join", link=LINK, network=NETWORK)
def decline(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitation_of(token)
    if invitation is None or not _is_open(invitation):
        return _refused(request, invitation)
    if request.method == "POST":
        try:
            actions.decline(invitation=invitation)
        except GroupError:
            return _refused(request, invitation)
        return redirect(join_path(invitation))  # which now says that the invitation was declined
    context = {
        "title": _("Decline the invitation?"),
        "text": _("The group %s will not hear from you, and the link will no longer work.") % invitation.group,
        "submit": _("Decline"),
        "cancel_url": join_path(invitation),
    }
    return render(request, "pages/confirm.html", context)
