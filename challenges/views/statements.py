"""The page on which a member files a minority statement."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from challenges import actions, rules
from challenges.errors import Refused, StatementRefused
from challenges.forms import StatementForm
from challenges.models import RankingRound, Statement
from challenges.views.doors import person, posted, refuse, round_for
from people.models import User


def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the form with what was filed before, POST files it or, by its second button, takes it back."""
    user = person(request)
    round = round_for(user, pk)
    if not rules.has_voice(user, round):
        refuse(user, round.group, _("Statements are for the members of the group and the electors of the round."))
    if not rules.takes_statements(round, timezone.now()):
        messages.error(request, str(StatementRefused()))
        return redirect(round)
    filed = Statement.objects.filter(round=round, author=user).first()
    form = StatementForm(None if "withdraw" in request.POST else posted(request), statement=filed)
    if request.method == "POST" and ("withdraw" in request.POST or form.is_valid()):
        _settle(request, round, user, form)
        return redirect(round)
    return render(request, "challenges/statement.html", {"round": round, "form": form, "filed": filed})


def _settle(request: HttpRequest, round: RankingRound, user: User, form: StatementForm) -> None:
    try:
        if form.is_bound:
            actions.file_statement(round=round, by=user, **form.cleaned_data)
            messages.success(request, _("Your statement stands beside the result."))
        elif actions.withdraw_statement(round=round, by=user):
            messages.success(request, _("Your statement is withdrawn."))
    except Refused as refusal:
        messages.error(request, str(refusal))
