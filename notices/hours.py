"""Clock times in a person's zone, across the days on which clocks change. Knows neither Django nor the database."""

import datetime as dt

FOLDS = (0, 1)  # an hour that comes twice, in autumn


def next_at(moment: dt.datetime, clock: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """Return the first moment (UTC) after `moment` at which a clock in `zone` shows `clock`.

    A time that spring leaves out counts as the same number of minutes after the change.
    """
    today = moment.astimezone(zone).date()
    shown = (
        dt.datetime.combine(today + dt.timedelta(days=day), clock.replace(fold=fold), zone).astimezone(dt.UTC)
        for day in range(3)
        for fold in FOLDS
    )
    return next(candidate for candidate in shown if candidate > moment)


def is_between(clock: dt.time, begins: dt.time, ends: dt.time) -> bool:
    """Tell whether the clock shows a time of the span, which runs past midnight where it ends before it begins."""
    if begins < ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends


def awake(moment: dt.datetime, begins: dt.time, ends: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """Return `moment`, or the end of the quiet hours that hold it."""
    return next_at(moment, ends, zone) if is_between(moment.astimezone(zone).time(), begins, ends) else moment
