"""Every kind of letter the portal writes: who gets it and why, and how it looks, made from a real record."""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from notices import specimens
from notices.letters import Letter, is_known, kinds, letter_of
from notices.views.outbox import secretary


def catalogue(request: HttpRequest) -> HttpResponse:
    secretary(request)
    return render(request, "notices/catalogue.html", {"letters": kinds()})


def _letter(kind: str) -> Letter:
    if not is_known(kind):
        raise Http404
    return letter_of(kind)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # a view with an argument is a view, too
def specimen(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind, as text and in a frame as HTML."""
    user, letter = secretary(request), _letter(kind)
    return render(request, "notices/specimen.html", {"letter": letter, "shown": specimens.shown(letter, user)})


@xframe_options_sameorigin
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF], "sandbox": [""]})  # type: ignore[arg-type]
def specimen_html(request: HttpRequest, kind: str) -> HttpResponse:
    """The HTML part alone. A letter brings its own style sheet and may do nothing else."""
    shown = specimens.shown(_letter(kind), secretary(request))
    if shown is None:
        raise Http404
    return HttpResponse(shown.html)
