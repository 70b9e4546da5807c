"""Pages for anonymous readers, kept by each process for a minute, compressed, and dropped when public content changes.

Only what is the same for everybody is kept: no cookie comes or goes with it, and its address is one of the public
rooms. It holds no secret, so that it may be compressed; pages of those who signed in are neither kept nor compressed.
"""

import gzip
import hashlib
import re
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

import brotli
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from history.models import ContentVersion
from s3cop.middleware import Next

ROOMS = (
    "/outcomes/", "/groups/", "/meetings/", "/webinars/", "/challenges/", "/rounds/", "/practices/", "/solutions/",
    "/calls/", "/regions/", "/search/", "/privacy/", "/accessibility/", "/api/v1/", "/sitemap.xml", "/robots.txt",
    "/catalogue.", "/oai",
)  # fmt: skip
FILTERS = {"q", "group", "type", "year", "region", "helix", "language", "kind", "status", "page", "per_page", "sort"}
PRIVATE_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}
TEXT = ("text/", "application/json", "application/ld+json", "application/xml", "application/atom+xml", "image/svg+xml")
SHARED_VARY = {"accept-encoding", "hx-request"}
SECONDS, VERSION_SECONDS = 60.0, 1.0
MOST_BYTES, LARGEST, SMALLEST = 32_000_000, 1_000_000, 500  # of all bodies, of one kept, of one compressed
LONGEST_QUERY = 300
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
OK = 200
Key = tuple[str, ...]


@dataclass
class Kept:
    """A page as it was rendered: headers, and its body in each encoding somebody asked for."""

    headers: dict[str, str]
    tag: str
    bodies: dict[str, bytes]
    until: float = 0.0
    version: int = 0

    @classmethod
    def of(cls, response: HttpResponse) -> "Kept":
        headers = {name: value for name, value in response.items() if name not in {"Content-Length", "ETag", "Vary"}}
        tag = response.get("ETag", "").strip('W/"') or hashlib.sha256(response.content).hexdigest()[:32]
        return cls(headers, tag, {"": response.content})

    @property
    def size(self) -> int:
        return sum(map(len, self.bodies.values()))

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The body in an encoding the reader takes, with an ETag of its own; 304 to who has it."""
        encoding = accepted(request.headers.get("Accept-Encoding", ""), len(self.bodies[""]))
        body = self.bodies.get(encoding)
        if body is None:
            body = self.bodies[encoding] = _compressed(self.bodies[""], encoding)
        etag = f'"{self.tag}-{encoding}"' if encoding else f'"{self.tag}"'
        headers = self.headers | {"ETag": etag, "Vary": "Accept-Encoding, HX-Request", "Content-Length": str(len(body))}
        response = HttpResponse(body, headers=headers | ({"Content-Encoding": encoding} if encoding else {}))
        return get_conditional_response(request, etag=etag, response=response) or response


def accepted(header: str, size: int) -> str:
    """Return the encoding to answer in: "br", "gzip" or "" for none."""
    offered = {part.partition(";")[0].strip().lower() for part in header.split(",") if not REFUSED.search(part)}
    if size < SMALLEST:
        return ""
    return "br" if "br" in offered else "gzip" if "gzip" in offered else ""


def _compressed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(body, quality=5))
    return gzip.compress(body, 6, mtime=0)


@dataclass
class Shelf:
    """The pages of this process, the longest unused leaving first; and the content version, read once a second."""

    pages: OrderedDict[Key, Kept] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    size: int = 0
    version: int = 0
    read_at: float = float("-inf")

    def current(self) -> int:
        """The content version; DatabaseError when the database is silent."""
        now = time.monotonic()
        if now - self.read_at >= VERSION_SECONDS:
            rows = ContentVersion.objects.values_list("number", flat=True)
            self.version, self.read_at = next(iter(rows.order_by("pk")), 0), now
        return self.version

    def get(self, key: Key, version: int) -> Kept | None:
        with self.lock:
            kept = self.pages.get(key)
            if kept is None:
                return None
            if kept.version != version or kept.until < time.monotonic():
                self._drop(key)
                return None
            self.pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept, version: int) -> None:
        kept.until, kept.version = time.monotonic() + SECONDS, version
        with self.lock:
            if key in self.pages:
                self._drop(key)
            self.pages[key] = kept
            self.size += 2 * len(kept.bodies[""])  # with what it will weigh compressed
            while self.size > MOST_BYTES:
                self._drop(next(iter(self.pages)))

    def clear(self) -> None:
        with self.lock:
            self.pages.clear()
            self.size, self.read_at = 0, float("-inf")

    def _drop(self, key: Key) -> None:
        self.size -= 2 * len(self.pages.pop(key).bodies[""])


SHELF = Shelf()


class PageCache:
    """Answers anonymous readers from the shelf, above sessions and everything that asks the database."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.PAGE_CACHE or not is_anonymous(request):
            return self.get_response(request)
        try:
            version, key = SHELF.current(), key_of(request)
        except (DatabaseError, DisallowedHost):
            return self.get_response(request)
        kept = SHELF.get(key, version) if key else None
        return kept.answer(request) if kept else self._fresh(request, key, version)

    def _fresh(self, request: HttpRequest, key: Key | None, version: int) -> HttpResponseBase:
        """Render; the version was read before, so that a change in between makes the page leave at once."""
        # Conditions are of an encoding, which only this layer knows.
        asked = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        response = self.get_response(request)
        request.META.update(asked)
        request.__dict__.pop("headers", None)  # read anew
        if not is_shared(response):
            return unless_known(request, response)
        kept = Kept.of(response)
        if key and request.method == "GET" and len(response.content) <= LARGEST:
            SHELF.put(key, kept, version)
        return kept.answer(request)


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Answer 304 to who has the file, which goes out as it is."""
    if response.status_code != OK or "ETag" not in response:
        return response
    answer = get_conditional_response(request, etag=response["ETag"], response=response) or response
    if answer is not response:  # an open file is closed with the answer; closing the response would end the request
        answer._resource_closers += response._resource_closers  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


def is_anonymous(request: HttpRequest) -> bool:
    is_read = request.method in {"GET", "HEAD"}
    return is_read and is_public(request.path) and not PRIVATE_COOKIES & request.COOKIES.keys()


def is_public(path: str) -> bool:
    """Say whether the address is one of the public rooms, in any language."""
    first = path[1:].partition("/")[0]
    bare = path[len(first) + 1 :] if first in dict(settings.LANGUAGES) else path
    return bare == "/" or bare.startswith(ROOMS)


def key_of(request: HttpRequest) -> Key | None:
    """What tells pages apart; None for questions nobody asks twice, so that they do not crowd the shelf."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or not request.GET.keys() <= FILTERS:
        return None
    asked = [(name, value) for name, values in sorted(request.GET.lists()) for value in values]  # the last one counts
    flat = tuple(part for pair in asked for part in pair)
    return (request.scheme or "", request.get_host(), request.path, str("HX-Request" in request.headers), *flat)


def is_shared(response: HttpResponseBase) -> bool:
    """The same for everybody: no cookie, no variation by one, text, and not forbidden to be kept."""
    control = response.get("Cache-Control", "public")
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    return (
        isinstance(response, HttpResponse)
        and response.status_code == OK
        and not response.cookies
        and "public" in control
        and vary <= SHARED_VARY
        and response.get("Content-Type", "").startswith(TEXT)
        and "Content-Encoding" not in response
    )
