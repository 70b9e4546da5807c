"""Runs inside the portal's settings: measures pages through Django's own handler, ours and bare ones in turns."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

from tests.bench.measure import ROUNDS, Spread, against, spread

FEW, SOME, LARGE = 50, 500, 5000  # outcomes: as many as fill a page of the list, of what is searched, and very many
SEARCHES = 30  # different words each time, so that nothing is kept from the time before
Told = list[list[float] | None]  # ours, the bare one if there is one, ours in units of work that is always the same
CARDS = """{% for edition in editions %}<li><p>{{ edition.publication.get_kind_display }}
{% for group in edition.publication.groups.all %}{{ group.name }} {% endfor %}</p>
<h3 lang="{{ edition.language }}"><a href="{{ edition.publication.get_absolute_url }}">{{ edition.title }}</a></h3>
<p>{{ edition.abstract }}</p><p><time datetime="{{ edition.published_at|date:"c" }}">
{{ edition.published_at|date:"j F Y" }}</time> {{ edition.version }} {{ edition.ballots|default:"" }}</p></li>
{% endfor %}"""


def tell() -> None:
    """Measure with few outcomes, grow, measure again, and print all as JSON behind an @."""
    own = _published()
    _grow(-(-FEW // own))
    small = whole()
    _grow(-(-SOME // own))
    small |= chosen()
    _grow(-(-LARGE // own))
    sys.stdout.write("@" + json.dumps({"small": small, "large": whole() | chosen()}) + "\n")


def _published() -> int:
    from outcomes.models import Edition

    return Edition.objects.published().count()


def _grow(times: int) -> None:
    from django.db import connection

    from s3cop.demo.scale import multiply

    multiply(times)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the database does by itself after a while


def whole() -> dict[str, Told]:
    """Pages that show the same however much there is."""
    from django.conf import settings

    from outcomes.models import Edition

    newest = Edition.objects.published().select_related("publication").order_by("-published_at", "-pk")[0]
    settings.PAGE_CACHE = False
    found = {
        "list": _both(page("/outcomes/"), bare_list()),
        "outcome": _both(page(newest.publication.get_absolute_url()), bare_outcome(newest.publication.slug)),
        "feed": _both(page("/outcomes/feed.atom"), None),
    }
    settings.PAGE_CACHE = True
    return found | {"list, kept": _both(page("/outcomes/"), from_memory)}


def chosen() -> dict[str, Told]:
    """Pages that choose among all there is."""
    from django.conf import settings

    settings.PAGE_CACHE = False
    return {
        "filtered list": _both(page("/outcomes/?type=report&region=EL&sort=title"), None),
        "search": _waiting("/outcomes/?q="),
        "search everywhere": _waiting("/search/?q="),
    }


@cache
def application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def page(address: str) -> Callable[[], object]:
    """Return the work of answering one GET, as a WSGI server asks for it."""
    path, _, query = address.partition("?")
    asked: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000", "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
        "HTTP_ACCEPT_ENCODING": "", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.errors": sys.stderr,
    }  # fmt: skip

    def answer() -> object:
        statuses: list[str] = []

        def start(status: str, *_: object) -> Any:
            statuses.append(status)

        response: Any = application()(dict(asked), start)
        body = b"".join(response)
        response.close()
        if statuses != ["200 OK"]:
            raise SystemExit(f"{address}: {statuses}")
        return body

    return answer


def bare_list() -> Callable[[], object]:
    """The newest editions and how many there are, asked for as Django is taught, and cards with nothing around."""
    from django.template import engines

    from outcomes.models import Edition
    from outcomes.shelf import PER_PAGE

    template = engines["django"].from_string(CARDS)
    shown = ["title", "abstract", "language", "version", "published_at", "ballots"]

    def work() -> object:
        found = Edition.objects.published().order_by("-published_at", "-pk")
        editions = found.select_related("publication").prefetch_related("publication__groups")
        few = editions.only(*shown, "publication__slug", "publication__kind")[:PER_PAGE]
        return template.render({"editions": few, "total": found.count()})

    return work


def bare_outcome(slug: str) -> Callable[[], object]:
    from django.template import engines

    from outcomes.models import Edition

    template = engines["django"].from_string("<h1>{{ edition.title }}</h1>{{ edition.html|safe }}")

    def work() -> object:
        editions = Edition.objects.defer("text", "search").select_related("publication")
        edition = editions.get(publication__slug=slug, state="published")
        list(edition.publication.editions.public().short())
        list(edition.files.all())
        return template.render({"edition": edition})

    return work


def from_memory() -> object:
    """What any framework's answer costs: the same bytes, held in a variable."""
    from django.http import HttpResponse

    return HttpResponse(BODY).content


BODY = b"x" * 40_000


def steady() -> object:
    """Always the same: between two measurings the machine may become slower or faster, and this tells how much."""
    return sum(len(str(number)) for number in range(20_000))


def _waiting(address: str) -> Told:
    """Milliseconds until the answer, each time to another word."""
    from s3cop.demo.scale import WORDS

    samples, rates = [], []
    for number in range(ROUNDS):
        words = WORDS[number::ROUNDS][: SEARCHES // ROUNDS]
        times = [(_timed(page(address + word)), _timed(steady)) for word in words]
        samples.append(statistics.median(ours for ours, _ in times))
        rates.append(samples[-1] / statistics.median(same for _, same in times))
    return [_plain(spread(samples)), None, _plain(spread(rates))]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def _both(ours: Callable[[], object], bare: Callable[[], object] | None) -> Told:
    own, same = against(ours, steady)
    rate = [figure / same.median for figure in _plain(own)]
    if bare is None:
        return [_plain(own), None, rate]
    own, other = against(ours, bare)
    return [_plain(own), _plain(other), rate]


def _plain(told: Spread) -> list[float]:
    return [told.median, told.low, told.high]
