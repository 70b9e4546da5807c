"""How often one caller may ask within an hour. A caller is counted by a keyed fingerprint, never by name or address."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac

HOUR = 3600
Words = ParamSpec("Words")
View = Callable[Concatenate[HttpRequest, Words], HttpResponse]


def network_of(request: HttpRequest) -> str:
    """Return the network address that the request came from, behind as many proxies as the settings trust."""
    return str(get_adapter().get_client_ip(request))


def too_often(what: str, caller: str, most: int) -> bool:
    """Count one more try of `caller` (a network or mail address, a link) at `what`; True from the one after `most` on.

    The hour begins with the first try. Without a cache nobody is held back.
    """
    key = f"{what}:{salted_hmac('people.limits', caller, algorithm='sha256').hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out between the two
        return False


def wait(request: HttpRequest) -> HttpResponse:
    """Answer whoever asked too often."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(HOUR)
    return response


def limited(what: str, *, link: int, network: int = 0) -> Callable[[View[Words]], View[Words]]:
    """Let a view with a `token` take so many POSTs an hour: at one link, and from one network address.

    No `network` (0) where programs of a mail provider press the button for all its customers.
    """

    def decorate(view: View[Words]) -> View[Words]:
        @wraps(view)
        def counted(request: HttpRequest, /, *args: Words.args, **kwargs: Words.kwargs) -> HttpResponse:
            if request.method == "POST":
                tries = [too_often(what, str(kwargs["token"]), link)]
                tries += [too_often(what, network_of(request), network)] if network else []
                if any(tries):
                    return wait(request)
            return view(request, *args, **kwargs)

        return counted

    return decorate
