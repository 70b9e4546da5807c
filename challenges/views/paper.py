"""Keying in ballots on paper: by the secretariat, while the round is open."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from challenges import actions, rules
from challenges.errors import Refused
from challenges.forms import PaperForm, TextPaperForm
from challenges.views.doors import person, posted, refuse, round_for


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask who handed the paper in and what stands on it; POST counts it and asks for the next one."""
    user = person(request)
    round = round_for(user, pk)
    if not rules.can_key_paper(user):
        refuse(user, round.group, _("The secretariat keys in ballots on paper."))
    if not round.takes_ballots(timezone.now()):
        messages.info(request, _("The round takes no ballots now."))
        return redirect(round)
    options = list(round.options.order_by("position"))
    on_text = all(option.challenge_id is None for option in options)
    form = (TextPaperForm if on_text else PaperForm)(posted(request), round=round, options=options)
    if request.method == "POST" and form.is_valid():
        try:
            actions.key_paper_ballot(round=round, elector=form.cleaned_data["elector"], by=user, ranks=form.answers())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The ballot on paper was recorded."))
            return redirect("challenges:paper", pk)
    return render(request, "challenges/paper.html", {"round": round, "form": form, "on_text": on_text})
