"""What programs read may be read from any page of the web, and asked about again: CORS for GET, ETags."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from s3cop.middleware import Next

OPEN = ("/api/v1/", "/oai", "/catalogue.", "/outcomes/feed.atom", "/sitemap.xml")
OPEN_ENDS = ("/feed.atom", "/result.json", "/result.csv")
OK = 200


class OpenData:
    """Nothing here depends on who asks, so that any origin may read it; nothing here can be changed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_open(request.path):
            return self.get_response(request)
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return _preflight()
        response = _conditional(request, self.get_response(request))
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
        return response


def is_open(path: str) -> bool:
    return path.startswith(OPEN) or path.endswith(OPEN_ENDS)


def _preflight() -> HttpResponse:
    allowed = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=allowed)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Give the body its checksum as ETag; 304 to who has it."""
    if response.status_code != OK or response.streaming:
        return response
    if "ETag" not in response:
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
