"""When those without a ballot are reminded: midway, and a day before closing; never twice in quick succession."""

import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
QUIET = dt.timedelta(hours=6)  # between opening and a letter, and between two letters


@dataclass(frozen=True)
class Step:
    """A reminder that is of use from `due_at` until the next step, or closing, comes."""

    name: str
    due_at: dt.datetime
    expires_at: dt.datetime


def steps(opened: dt.datetime, closes: dt.datetime) -> list[Step]:
    """Return the reminders of a round that is open between these moments, first to last."""
    wanted = sorted([(closes - DAY, "last_day"), (opened + (closes - opened) / 2, "midway")])
    kept: list[tuple[dt.datetime, str]] = []
    for moment, name in wanted:
        if moment - (kept[-1][0] if kept else opened) >= QUIET:
            kept.append((moment, name))
    ends = [*(moment for moment, _name in kept), closes][1:]
    return [Step(name, moment, end) for (moment, name), end in zip(kept, ends, strict=True)]


def current(opened: dt.datetime, closes: dt.datetime, now: dt.datetime) -> Step | None:
    """Return the latest reminder that is due and still of use."""
    due = [step for step in steps(opened, closes) if step.due_at <= now < step.expires_at]
    return due[-1] if due else None
