"""What programs read may be read from any page of the web, and asked about again: CORS for GET, ETags."""

import hashlib
import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from s3cop.middleware import Next

API = "/api/v1/"
OPEN = (API, "/oai", "/catalogue.", "/outcomes/feed.atom", "/sitemap.xml")
OPEN_ENDS = ("/feed.atom", "/result.json", "/result.csv")
FILES = re.compile(r"/outcomes/[^/]+/v[0-9]+/download/")  # where the interface and the catalogue say that files are
OK, WRONG = 200, 400


class OpenData:
    """Nothing here depends on who asks, so that any origin may read it; nothing here can be changed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_open(request.path):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return _preflight()
        response = _conditional(request, _in_json(request, self.get_response(request)))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Disposition, ETag, Link, Retry-After"
        return response


def is_open(path: str) -> bool:
    return path.startswith(OPEN) or path.endswith(OPEN_ENDS) or FILES.match(path) is not None


def _preflight() -> HttpResponse:
    allowed = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=allowed)


def _in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Say what is wrong to programs as they read everything else: no page of HTML comes from the interface."""
    is_page = response.status_code >= WRONG and response.get("Content-Type", "").startswith("text/html")
    if not (is_page and request.path.startswith(API)):
        return response
    words = _("%(what)s. What there is stands in %(schema)s.")
    told = {"detail": words % {"what": response.reason_phrase, "schema": f"{settings.SITE_URL}{API}schema/"}}
    return JsonResponse(told, status=response.status_code)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Give the body its checksum as ETag; 304 to who has it."""
    if response.status_code != OK or response.streaming:
        return response
    if "ETag" not in response:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
