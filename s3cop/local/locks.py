"""Locks between processes that the kernel frees when their holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s3cop.local.home import LocalServiceError

PATIENCE = 60.0  # seconds; the longest holder runs initdb or waits for a server's stop
PAUSE = 0.02  # seconds


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(path: Path, patience: float = PATIENCE) -> Iterator[int]:
    """Hold the lock exclusively and give its descriptor; raises LocalServiceError after `patience` seconds."""
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + patience
        while not try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise LocalServiceError(
                    f"Another command holds {path} for {patience:.0f} s: look what it is waiting for"
                )
            time.sleep(PAUSE)
        yield descriptor
    finally:
        os.close(descriptor)
