"""Who gets how far: strangers learn nothing, members learn why a step is not theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from people.models import User
from workinggroups import rules
from workinggroups.models import WorkingGroup


def admit(user: User, group: WorkingGroup, *, allowed: bool, sentence: str | Promise = "") -> None:
    """Raise 404 for somebody outside the group, 403 with the sentence for somebody inside whose step it is not."""
    if allowed:
        return
    if not rules.can_enter(user, group):
        raise Http404
    raise PermissionDenied(str(sentence))


def group_first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a page that needs a group: without any, the secretariat is led to set one up instead of to a 404."""

    @wraps(view)
    def led(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            if not rules.is_secretariat(request.user) or WorkingGroup.objects.active().exists():
                raise
        messages.info(request, _("There is no working group yet. Set one up first."))
        return redirect("workinggroups:new")

    return led
