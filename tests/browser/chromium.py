"""The browser of the system: where it is and how it is started."""

import os
import shutil

# The shell is Chromium without windows: the same engine, at half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    # A page lives for a second: what V8 would win by optimising its scripts is half of what that takes.
    "--js-flags=--no-opt --no-maglev",
]


def find_chromium() -> str | None:
    """Return the path of Chromium, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch_args() -> list[str]:
    """Only root (containers, CI) goes without the sandbox."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
