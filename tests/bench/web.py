"""Public pages against a bare Django page with the same queries, at the demo's size and at 5,000 outcomes."""

from tests.bench import pages
from tests.bench.measure import Row, Spread
from tests.bench.portal import running, told

TITLE = "Public pages"
NOTE = (
    "Our page through the whole of Django and its middleware, and a bare page: the same queries, a template with the "
    "same cards, no middleware. Both in one process, so that figures are milliseconds of its CPU; those of searches "
    "are milliseconds of waiting, the database included. Growth is the figure at {many} outcomes over that at {few}."
).format(many="5,000", few="the demo's few")
PACKAGES = ("django", "psycopg", "djangorestframework")
SCRIPT = "from tests.bench import pages; pages.tell()"
AT_MOST = {"list": 5.0, "list, kept": 0.6, "search": 5.0, "search everywhere": 5.0, "feed": None, "outcome": None}
GROWTH = 1.3
WAITING = {"search", "search everywhere"}


def rows() -> list[Row]:
    with running() as (home, port):
        measured = told(home, port, SCRIPT)
    assert isinstance(measured, dict)
    small, large = measured["small"], measured["large"]
    found = [_row(name, spreads, pages.LARGE) for name, spreads in large.items()]
    growth = [
        Row(f"growth: {name}", "×", Spread(*[large[name][0][0] / small[name][0][0]] * 3), None, GROWTH)
        for name in ("list", "list, kept", "outcome")
    ]
    return [*found, *growth]


def _row(name: str, spreads: list[list[float] | None], size: int) -> Row:
    ours, bare = spreads
    assert ours
    what = f"{name}, {size:,} outcomes"
    unit = "ms waiting" if name in WAITING else "ms"
    return Row(what, unit, Spread(*ours), Spread(*bare) if bare else None, AT_MOST.get(name))
