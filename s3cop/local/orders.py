"""The orders a person or the system gives the supervisor by signal: stop, and stop at once."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SAME_PRESS = 0.5  # seconds; make and the terminal may both pass one order on


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore the signals for as long as the block runs: make and the terminal may send the same one twice."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class StopOrdered(Exception):  # noqa: N818 - an order, no error
    """Somebody asked the portal to stop."""


class Orders:
    """What has been asked so far; only notes it down, so that nothing is cut in the middle."""

    def __init__(self) -> None:
        self.stop_at: float | None = None
        self.hurry = False

    def note(self, number: int, _frame: FrameType | None) -> None:
        """Take the first signal as "stop", a later Ctrl-C as "at once"; a repeated TERM is only an echo."""
        now = time.monotonic()
        if self.stop_at is None:
            self.stop_at = now
        elif number == signal.SIGINT and now - self.stop_at > SAME_PRESS:
            self.hurry = True

    def obey(self) -> None:
        if self.stop_at is not None:
            raise StopOrdered

    @contextmanager
    def listening(self) -> Iterator["Orders"]:
        """Take the signals for as long as the block runs."""
        before = {number: signal.signal(number, self.note) for number in SIGNALS}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
