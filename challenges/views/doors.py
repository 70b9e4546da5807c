"""What readers find behind an address that is not public, and how a refused step is told."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from challenges import rules
from challenges.errors import Refused
from challenges.models import RankingRound
from history.prepared import Key
from people.models import User
from people.readers import ForReaders
from people.sessions import person, viewer
from workinggroups.rules import can_enter

Record = TypeVar("Record", bound=Model)


def hidden(request: HttpRequest, records: QuerySet[Any]) -> HttpResponse:
    """Lead an anonymous reader of an unpublished record to the sign-in page; everybody else finds nothing."""
    if viewer(request) is None and records.exists():
        return redirect_to_login(request.get_full_path())
    raise Http404


def _round(reader: User | None) -> QuerySet[RankingRound]:
    asked = RankingRound.objects.visible_to(reader).filter(pk=Key("pk", BigIntegerField()))
    return asked.select_related("group").order_by("pk")


ROUND = ForReaders(_round)


def round_for(user: User, pk: int) -> RankingRound:
    """Return a round that is the person's business, with its group. Raises Http404."""
    for round in ROUND.ask(user, pk=pk):
        return round
    raise Http404


def round_run_by(request: HttpRequest, pk: int) -> tuple[RankingRound, User]:
    """Return the round, and the person, who runs the rounds of its group. Raises PermissionDenied, Http404."""
    user = person(request)
    round = round_for(user, pk)
    if not rules.can_run(user, round.group):
        refuse(user, round.group, not_yours())
    return round, user


def refuse(user: User, group: Any, sentence: str) -> None:
    """Refuse a step: 403 with the reason within the group, 404 to everybody else."""
    if can_enter(user, group):
        raise PermissionDenied(sentence)
    raise Http404


def confirmed(
    request: HttpRequest,
    step: Callable[[Form | None], Any],
    *,
    page: dict[str, Any],
    done: str,
    form: Form | None = None,
    template: str = "pages/confirm.html",
) -> HttpResponse:
    """Ask on GET, act on POST. page: title, text, submit, cancel_url (where it leads afterwards too), danger."""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            step(form)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return redirect(page["cancel_url"])
    return render(request, template, {"form": form, "danger": False, **page})


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the data of a POST, also an empty one, else nothing."""
    return request.POST if request.method == "POST" else None


def not_yours() -> str:
    return _("Only the leaders of the group and the secretariat run its rounds and sort its register.")


__all__ = ["confirmed", "hidden", "not_yours", "person", "posted", "refuse", "round_for", "round_run_by", "viewer"]
