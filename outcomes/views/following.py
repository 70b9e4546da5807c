"""Following by e-mail without an account: the form, the page behind the letters' link, and leaving with one click."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from outcomes.actions import following as actions
from outcomes.follow_forms import FollowForm
from outcomes.models import Follower
from outcomes.tokens import follower_of, token_of
from people.limits import limited, network_of, too_often, wait

PER_HOUR = 10  # wishes from one address of the network
OF_LINK = 30


@login_not_required
def follow(request: HttpRequest) -> HttpResponse:
    """Ask for letters. The answer is the same whether the address is known or not."""
    about = request.GET.get("about", "")
    form = FollowForm(request.POST or None, initial={"about": about})
    if request.method == "POST" and form.is_valid():
        if too_often("follow", network_of(request), PER_HOUR):
            return wait(request)
        actions.follow(wish=form.wish)
        return redirect("outcomes:follow_asked")
    context = {
        "title": _("Follow the outcomes by e-mail"),
        "lede": _("You get a letter with a link first. Nothing else is sent before you have confirmed."),
        "form": form,
        "submit": _("Send me the link"),
        "cancel_url": reverse("outcomes:list"),
    }
    return render(request, "pages/form.html", context)


@login_not_required
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "outcomes/follow_asked.html")


@login_not_required
@csrf_exempt
@never_cache
@limited("following", link=OF_LINK)
def following(request: HttpRequest, token: str) -> HttpResponse:
    """The token is the permission: GET shows what is followed, POST confirms it."""
    follower = follower_of(token)
    if follower is None:
        return render(request, "outcomes/follow_gone.html", status=404)
    if request.method == "POST":
        with suppress(Follower.DoesNotExist):  # who has left meanwhile is told so by the page
            actions.confirm(follower=follower)
        return redirect("outcomes:following", token_of(follower))
    return render(request, "outcomes/following.html", {"follower": follower, "token": token})


@login_not_required
@csrf_exempt
@never_cache
@limited("following", link=OF_LINK)
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button, since scanners follow links; POST ends it, also one sent by a mail program (RFC 8058)."""
    follower = follower_of(token)
    if follower is None:
        return render(request, "outcomes/follow_gone.html", status=200 if request.method == "POST" else 404)
    if request.method == "POST":
        actions.leave(follower=follower)
        return render(request, "outcomes/follow_gone.html")
    return render(request, "outcomes/following.html", {"follower": follower, "token": token})
