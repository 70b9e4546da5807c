"""The ballot page, what was recorded, and the page for a ballot that came too late."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from challenges import actions, paper, receipts, results, times
from challenges.errors import BallotRefused, NotAnElector, RoundClosed
from challenges.forms import BallotForm
from challenges.models import Elector, RankingRound, RoundOption
from challenges.views.doors import person, round_for

State = RankingRound.State
RECEIPT = "receipt"  # the cookie that carries a receipt to the recap, and nowhere else
CARRIED_FOR = 300  # seconds


def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the paper, POST records it; too late: 409, with what was entered still shown.

    In a repeat `?keep=1` fills in the earlier answer, which is recorded like any other: by submitting it.
    """
    elector = _seat(request, pk)
    options = _shuffled(elector)
    taken = elector.round.takes_ballots(timezone.now())
    if request.method == "POST":
        form = BallotForm(request.POST, options=options, earlier=results.earlier(elector, options))
        return _cast(request, elector, form) if taken else _too_late(request, elector, form)
    if not taken:
        messages.info(request, _("The round takes no ballots now."))
        return redirect(elector.round)
    form = _paper(elector, options, keep="keep" in request.GET)
    return _shown(request, elector, form)


def _paper(elector: Elector, options: list[RoundOption], *, keep: bool) -> BallotForm:
    """Return the paper with what the elector has recorded, or with the answer to the earlier round."""
    earlier = results.earlier(elector, options)
    filled = keep and bool(earlier.answers)
    answers = earlier.answers if filled else results.own_answers(elector, options)
    return BallotForm(options=options, answers=answers, earlier=earlier, filled=filled)


def _cast(request: HttpRequest, elector: Elector, form: BallotForm) -> HttpResponse:
    if form.is_valid():
        receipt = receipts.draw()
        try:
            actions.cast_ballot(round=elector.round, by=elector.user, ranks=form.answers(), receipt=receipt)
        except RoundClosed:
            return _too_late(request, elector, form)
        except BallotRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your ballot was recorded."))
            return _hand_over(receipt, redirect("challenges:recap", elector.round.pk))
    return _shown(request, elector, form)


def _hand_over(receipt: str, response: HttpResponse) -> HttpResponse:
    """Let the browser carry the receipt to the recap: no session, no address and no log holds it on the way."""
    response.set_cookie(
        RECEIPT,
        receipt,
        max_age=CARRIED_FOR,
        path=response["Location"],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


@never_cache
def recap(request: HttpRequest, pk: int) -> HttpResponse:
    """What was recorded, the receipt once, and "change it" until closing."""
    elector = _seat(request, pk)
    open_still = elector.round.takes_ballots(timezone.now())
    if open_still and not elector.has_voted:
        return redirect("challenges:ballot", pk)
    options = list(elector.round.options.order_by("position"))
    carried = request.COOKIES.get(RECEIPT, "")
    context = {
        "round": elector.round,
        "elector": elector,
        "reading": results.read_back(elector, options),
        "on_a_text": _is_on_a_text(options),
        "open_still": open_still,
        "closes": _closing(elector.round),
        "receipt": carried if carried and results.is_own_receipt(elector, carried) else "",
    }
    response = render(request, "challenges/recap.html", context)
    if carried:
        response.delete_cookie(RECEIPT, path=reverse("challenges:recap", args=[pk]), samesite="Strict")
    return response


def _seat(request: HttpRequest, pk: int) -> Elector:
    """Return the person's seat in the round; 403 with the reason for the others of the group."""
    user = person(request)
    round = round_for(user, pk)
    if round.state == State.DRAFT:
        raise PermissionDenied(_("This round has not opened yet. Its electors are fixed when it opens."))
    elector = Elector.objects.filter(round=round, user=user).select_related("ballot").first()
    if elector is None:
        raise PermissionDenied(str(NotAnElector()))
    elector.round, elector.user = round, user
    return elector


def _shuffled(elector: Elector) -> list[RoundOption]:
    options = {option.pk: option for option in elector.round.options.order_by("position")}
    return [options[pk] for pk in paper.shuffled(options, elector.round.pk, elector.pk)]


def _closing(round: RankingRound) -> str:
    return times.moment(round.closed_at or round.closes_at, round.zone)


def _shown(request: HttpRequest, elector: Elector, form: BallotForm) -> HttpResponse:
    """The paper to rank on, or the buttons of a yes or no to a text."""
    page = {"round": elector.round, "elector": elector, "form": form, "closes": _closing(elector.round)}
    if _is_on_a_text(form.options):
        page["answers"] = form.buttons()
        return render(request, "challenges/text_ballot.html", page)
    return render(request, "challenges/ballot.html", page)


def _is_on_a_text(options: Iterable[RoundOption]) -> bool:
    return all(option.challenge_id is None for option in options)


def _too_late(request: HttpRequest, elector: Elector, form: BallotForm) -> HttpResponse:
    elector.round.refresh_from_db(fields=["state", "closed_at", "cancelled_at", "cancel_reason"])
    context = {
        "round": elector.round,
        "elector": elector,
        "reading": form.entered(),
        "on_a_text": _is_on_a_text(form.options),
        "closes": _closing(elector.round),
    }
    return render(request, "challenges/closed.html", context, status=409)
