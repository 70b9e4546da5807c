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
    "the database included, each for a word nobody asked for before. Their budget is 5 ms on a machine where the bare "
    "list takes 5.1 ms, so here it is a share of the bare list. Growth is the figure at {many} outcomes over that at "
    "{few}, of filters and searches over that at {some}, where they fill a page as well; each over the same fixed loop "
    "in the same minute: machines become slower and faster. Search everywhere weighs each hit among ten times as many "
    "challenges, meetings and outcomes, so it grows with the hits; what it is held to is its waiting time."
).format(many="5,000", some="500", few="50")
PACKAGES = ("django", "psycopg", "djangorestframework")
SCRIPT = "from tests.bench import pages; pages.tell()"
AT_MOST = {"list": 5.0, "list, kept": 0.6}
RATIOS = {"list": 1.2, "outcome": 2.5}  # over the bare page
WAITING = {"search": 5 / 5.1, "search everywhere": 5 / 5.1}  # over the bare list
GROWTH = dict.fromkeys(("list", "list, kept", "filtered list", "outcome", "search"), 1.3) | {"search everywhere": None}


def rows() -> list[Row]:
    with running() as (home, port):
        measured = told(home, port, SCRIPT)
    assert isinstance(measured, dict)
    small, large = measured["small"], measured["large"]
    found = [_row(name, spreads, pages.LARGE) for name, spreads in large.items()]
    ratios = [_quotient(f"{name}, over the bare page", large[name][0], large[name][1], n) for name, n in RATIOS.items()]
    shares = [
        _quotient(f"{name}, over the bare list", large[name][0], large["list"][1], n) for name, n in WAITING.items()
    ]
    growth = [_quotient(f"growth: {name}", large[name][2], small[name][2], n) for name, n in GROWTH.items()]
    return [*found, *ratios, *shares, *growth]


def _quotient(what: str, over: list[float], under: list[float], most: float | None) -> Row:
    return Row(what, "×", Spread(*[over[0] / under[0]] * 3), None, most)


def _row(name: str, spreads: list[list[float] | None], size: int) -> Row:
    ours, bare, _rate = spreads
    assert ours
    what = f"{name}, {size:,} outcomes"
    unit = "ms waiting" if name in WAITING else "ms"
    return Row(what, unit, Spread(*ours), Spread(*bare) if bare else None, AT_MOST.get(name))
