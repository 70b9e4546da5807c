"""Public pages against a bare Django page that shows the same, with 50 and with 5,000 outcomes."""

from tests.bench import pages
from tests.bench.measure import Row, Spread
from tests.bench.portal import running, told

TITLE = "Public pages"
NOTE = (
    "Our page through the whole of Django and its middleware, the cache of whole pages switched off; and a bare page: "
    "the same 25 editions with their groups and their number, asked for as Django is taught, a template with the same "
    "cards and nothing around them, no middleware. Ours keeps in memory, until public content changes, which edition "
    "has which value of a filter, and the parts of a page that are the same for all; cards are asked for each time. "
    "Both in one process, so that figures are milliseconds of its CPU; those of searches are milliseconds of waiting, "
    "the database included, each for a word nobody asked for before. Growth is the figure at {many} outcomes over that "
    "at {few}."
).format(many="5,000", few="50")
PACKAGES = ("django", "psycopg", "djangorestframework")
SCRIPT = "from tests.bench import pages; pages.tell()"
AT_MOST = {"list": 5.0, "list, kept": 0.6, "search": 5.0, "search everywhere": 5.0}
RATIOS = {"list": 1.2, "outcome": 2.5}  # over the bare page
GROWTH = 1.3
GROWING = ("list", "list, kept", "filtered list", "outcome", "search", "search everywhere")
WAITING = {"search", "search everywhere"}


def rows() -> list[Row]:
    with running() as (home, port):
        measured = told(home, port, SCRIPT)
    assert isinstance(measured, dict)
    small, large = measured["small"], measured["large"]
    found = [_row(name, spreads, pages.LARGE) for name, spreads in large.items()]
    ratios = [_quotient(f"{name}, over the bare page", large[name][0], large[name][1], n) for name, n in RATIOS.items()]
    growth = [_quotient(f"growth: {name}", large[name][0], small[name][0], GROWTH) for name in GROWING]
    return [*found, *ratios, *growth]


def _quotient(what: str, over: list[float], under: list[float], most: float) -> Row:
    return Row(what, "×", Spread(*[over[0] / under[0]] * 3), None, most)


def _row(name: str, spreads: list[list[float] | None], size: int) -> Row:
    ours, bare = spreads
    assert ours
    what = f"{name}, {size:,} outcomes"
    unit = "ms waiting" if name in WAITING else "ms"
    return Row(what, unit, Spread(*ours), Spread(*bare) if bare else None, AT_MOST.get(name))
