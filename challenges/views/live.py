"""The live room: the projector's page for whoever has the code, and the code for those who run the round."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from challenges import actions, qr, results, times
from challenges.disclosure import charts
from challenges.disclosure.finding import finding
from challenges.models import LiveRoom, RankingRound
from challenges.views.doors import confirmed, round_run_by

State = RankingRound.State


@login_not_required
@never_cache
def live(request: HttpRequest, code: str) -> HttpResponse:
    """Question, QR, countdown and turnout while open; nothing by option before the result is public."""
    rooms = LiveRoom.objects.current(timezone.now()).select_related("round__group", "round__result")
    room = rooms.filter(code=code.lower()).first()
    if room is None:
        raise Http404
    address = settings.SITE_URL + reverse("challenges:ballot", args=[room.round.pk])
    end = _end(room.round)
    context = {"round": room.round, "closes": times.moment(end, room.round.zone), "address": address}
    if room.round.takes_ballots(timezone.now()):
        on_text = not room.round.options.exclude(challenge=None).exists()
        context |= {
            "on_text": on_text,
            "qr": qr.code(address),
            "hour": time_format(end.astimezone(room.round.zone)) if end else "",
        }
    if room.round.state == State.PUBLISHED:
        context |= _result(room.round)
    return render(request, "challenges/live.html", context)


def _end(round: RankingRound) -> Any:
    return round.closed_at or round.closes_at


def _result(round: RankingRound) -> dict[str, Any]:
    shown = results.shown(round)
    assert shown is not None  # noqa: S101 - a published round was counted
    return {"finding": finding(shown), "tiers": charts.interval_rows(shown.options)}


def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the code of an open round, and give it one, or another one."""
    round, user = round_run_by(request, pk)
    if round.state != State.OPEN:
        return redirect(round)
    page = {
        "title": _("The live room of “%s”") % round,
        "submit": _("Give a code") if not hasattr(round, "room") else _("Give another code"),
        "cancel_url": reverse("challenges:room", args=[pk]),
        "round": round,
        "address": settings.SITE_URL + round.room.get_absolute_url() if hasattr(round, "room") else "",
    }
    return confirmed(
        request,
        lambda _form: actions.open_room(round=round, by=user),
        page=page,
        done=_("The live room has a new code."),
        template="challenges/room.html",
    )


def room_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the code lead nowhere."""
    round, user = round_run_by(request, pk)
    page = {
        "title": _("Revoke the code of “%s”?") % round,
        "text": _("The projector’s page disappears for everybody. The round and its ballots stay as they are."),
        "submit": _("Revoke the code"),
        "cancel_url": round.get_absolute_url(),
    }
    return confirmed(
        request,
        lambda _form: actions.revoke_room(round=round, by=user),
        page=page,
        done=_("The code leads nowhere any more."),
    )
