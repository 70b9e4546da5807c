"""The open interface at /api/v1/: read-only, for everybody, from any origin; no session, no cookie.

Addresses only: what answers is imported by the first call, so that nothing else waits for the framework behind it.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, re_path, resolve
from django.views.decorators.csrf import csrf_exempt

app_name = "api"
SLUG = "[-a-zA-Z0-9_]+"


@login_not_required
@csrf_exempt
def answer(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """Ask the endpoint of the same address."""
    view, args, kwargs = resolve(request.path_info, "s3cop.api.endpoints")
    response: HttpResponseBase = view(request, *args, **kwargs)
    return response


urlpatterns = [
    path("", answer, name="api-root"),
    path("schema/", answer, name="schema"),
    path("publications/", answer, name="publication-list"),
    re_path(f"^publications/(?P<slug>{SLUG})/$", answer, name="publication-detail"),
    re_path(f"^publications/(?P<slug>{SLUG})/v(?P<version>[0-9]{{1,5}})/$", answer, name="publication-edition"),
    path("references/", answer, name="reference-list"),
    re_path(f"^references/(?P<citekey>{SLUG})/$", answer, name="reference-detail"),
    path("groups/", answer, name="group-list"),
    re_path(f"^groups/(?P<slug>{SLUG})/$", answer, name="group-detail"),
    path("meetings/", answer, name="meeting-list"),
    re_path(f"^meetings/(?P<slug>{SLUG})/$", answer, name="meeting-detail"),
    path("webinars/", answer, name="webinar-list"),
    re_path(f"^webinars/(?P<slug>{SLUG})/$", answer, name="webinar-detail"),
    path("challenges/", answer, name="challenge-list"),
    re_path(f"^challenges/(?P<slug>{SLUG})/$", answer, name="challenge-detail"),
    path("rounds/", answer, name="round-list"),
    re_path("^rounds/(?P<pk>[0-9]{1,18})/$", answer, name="round-detail"),
]
