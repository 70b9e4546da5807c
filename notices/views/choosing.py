"""Which letters a person gets: the page of their choices, and the link in a letter that ends its kind."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from notices import actions, wishes
from notices.forms import PreferencesForm, chosen_by
from notices.letters import kinds
from notices.models import Channel
from notices.tokens import Ending, ending_of
from people.limits import limited
from people.sessions import person

OF_LINK = 30  # tries within an hour


def preferences(request: HttpRequest) -> HttpResponse:
    """GET shows, POST changes."""
    user = person(request)
    form = PreferencesForm(request.POST or None, initial=chosen_by(user))
    if request.method == "POST" and form.is_valid():
        changed = actions.choose(person=user, channels=form.channels, quiet=form.quiet, by=user)
        messages.success(request, _("Your choice was saved.") if changed else _("Nothing was changed."))
        return redirect("notices:preferences")
    context = {
        "form": form,
        "person": user,
        "essential": [letter for letter in kinds() if letter.essential],
        "digest_at": wishes.DIGEST_AT,
        "trouble": user.undeliverable.filter(email__iexact=user.email).first(),
    }
    return render(request, "notices/preferences.html", context)


@login_not_required
@csrf_exempt
@never_cache
@limited("unsubscribe", link=OF_LINK)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End letters of some classes without sign-in (RFC 8058). GET only asks: programs follow links, people press.

    The signature in the address stands in for the cookie that CSRF protection would ask for.
    """
    ending = ending_of(token)
    if ending is None:
        raise Http404
    if request.method != "POST":
        return render(request, "notices/unsubscribe.html", {"classes": _names(ending), "step": "ask"})
    wanted = request.POST.get("to", "")
    to = Channel(wanted) if wanted in Channel.values else Channel.NONE
    before = actions.switch(person=ending.person, classes=ending.classes, to=to)
    step = "ended" if to == Channel.NONE else "again"
    context = {"classes": _names(ending), "step": step, "before": _undo(set(before.values()))}
    return render(request, "notices/unsubscribe.html", context)


def _names(ending: Ending) -> list[str]:
    return [str(name.label) for name in ending.classes]


def _undo(before: set[Channel]) -> Channel:
    """What brings things back: a digest where all were in it, else each as a letter."""
    return Channel.DIGEST if before == {Channel.DIGEST} else Channel.MAIL
