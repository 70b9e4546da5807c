"""The secretariat's page of letters: which left, which failed and why, what comes next; and trying again by hand."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notices import actions, rules
from notices.filters import LetterFilter
from notices.ledger import WrongState
from notices.models import Notice, Undeliverable
from people.models import User
from people.sessions import person

A_PAGE = 50
State = Notice.State


def secretary(request: HttpRequest) -> User:
    """Return the signed-in member of the secretariat; for everybody else these pages do not exist."""
    user = person(request)
    if not rules.can_read_outbox(user):
        raise Http404
    return user


def outbox(request: HttpRequest) -> HttpResponse:
    user = secretary(request)
    letters = Notice.objects.visible_to(user).select_related("recipient", "digest").prefetch_related("about")
    found = LetterFilter(request.GET, letters)
    page = Paginator(found.qs, A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "filter": found,
        "page_obj": page,
        "counts": _counts(user),
        "undeliverable": Undeliverable.objects.select_related("person"),
    }
    with timezone.override(ZoneInfo(user.timezone)):
        return render(request, "notices/outbox.html", context)


def _counts(user: User) -> list[tuple[State, str, int]]:
    """How many letters are in which state; empty states are left out."""
    rows = Notice.objects.visible_to(user).order_by().values_list("state").annotate(n=Count("pk"))
    numbers = dict(rows)
    return [(state, str(state.label), numbers[state]) for state in State if state in numbers]


def came_from(request: HttpRequest) -> str:
    """Return the page named in the form's `next`, if it is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed letter again."""
    user = person(request)
    if not rules.can_retry(user):
        raise Http404
    notice = get_object_or_404(Notice.objects.visible_to(user), pk=pk)
    try:
        actions.retry(notice=notice, by=user)
    except WrongState as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The letter is tried again within a minute."))
    return redirect(came_from(request))
