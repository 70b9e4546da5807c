"""What somebody typed before their session was over: carried through the sign-in in pages, signed, stored nowhere."""

from dataclasses import dataclass

from allauth.account.forms import LoginForm
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.csrf import csrf_failure

SALT = "people.kept"
DAY = 86_400  # seconds in which one signs in again
LONG = 40  # characters from which on a text is shown, to be copied
REFUSED = 403
OURS = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to, and its fields in their order."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        """What took time to write."""
        return [value for _name, value in self.fields if len(value) > LONG]


def sent(request: HttpRequest) -> Kept | None:
    """Return what one of our own pages has sent; None for others, for buttons alone, and where a password was typed.

    Somebody else's page could otherwise lay words into a reader's mouth.
    """
    if request.method != "POST" or request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return None
    fields = [(name, value) for name in request.POST if name not in OURS for value in request.POST.getlist(name)]
    if not any(value for _name, value in fields) or any("password" in name for name, _value in fields):
        return None
    return Kept(request.get_full_path(), fields)


def sealed(kept: Kept) -> str:
    return signing.dumps([kept.address, kept.fields], salt=SALT, compress=True)


def opened(text: str) -> Kept | None:
    """Return what `sealed` has wrapped; None for anything else."""
    try:
        address, fields = signing.loads(text, salt=SALT, max_age=DAY)
    except signing.BadSignature:
        return None
    return Kept(address, [(name, value) for name, value in fields])


def sign_in_again(request: HttpRequest, kept: Kept) -> HttpResponse:
    """The sign-in that keeps what was sent."""
    form = LoginForm(request=request)
    context = {"form": form, "kept": sealed(kept)}
    response = render(request, "account/login.html", context, status=REFUSED)
    add_never_cache_headers(response)
    return response


def send_again(request: HttpRequest, kept: Kept, status: int = 200) -> HttpResponse:
    """Show what was kept, with one button that sends it where it was meant to go."""
    reader = request.user if request.user.is_authenticated else None  # the cookie of this sign-in comes with the answer
    response = render(request, "people/send_again.html", {"kept": kept, "viewer": reader}, status=status)
    add_never_cache_headers(response)
    return response


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not (or no longer) that of the browser: sign-in elsewhere has changed it."""
    kept = sent(request)
    if kept is None:
        return csrf_failure(request, reason)
    match = request.resolver_match
    asks = match is None or getattr(match.func, "login_required", True)
    if asks and not request.user.is_authenticated:
        return sign_in_again(request, kept)
    return send_again(request, kept, REFUSED)
