"""Closed rounds for tests: ballots in, what is stored and what may be shown out."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from challenges import disclosure
from challenges.count import counting
from challenges.disclosure.published import Published

Ballots = Sequence[Sequence[int]]


def stored(
    ballots: Ballots,
    helices: Sequence[str] | None = None,
    electors: Mapping[str | None, int] | None = None,
    **rules: Any,
) -> dict[str, Any]:
    """Count a round of options A, B, C …; everybody asked has voted unless `electors` says more. As read from JSON."""
    groups = list(helices or ["government"] * len(ballots))
    m = len(ballots[0]) if ballots else 3
    figures = counting.compute(
        ballots,
        groups,
        Counter(groups) if electors is None else electors,
        options=[{"id": index + 100, "title": chr(ord("A") + index)} for index in range(m)],
        rules=counting.Rules(**{"resamples": 100, **rules}),
    )
    plain: dict[str, Any] = json.loads(json.dumps(figures))
    return plain


def published(ballots: Ballots, helices: Sequence[str] | None = None, **more: Any) -> Published:
    """Say what may be shown of such a round."""
    figures = stored(ballots, helices, **more)
    return disclosure.publishable(figures, figures["rules"]["policy"])


def helices_of(**sizes: int) -> list[str]:
    """Spell out government=3, business=2 … as one entry per ballot, in that order; `unstated` has no helix."""
    return [helix if helix != "unstated" else "" for helix, size in sizes.items() for _ in range(size)]
