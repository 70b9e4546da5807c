"""`python -m s3cop.local stop|clear`: stop the private servers of S3COP_HOME; clear also what they keep elsewhere."""

import shutil
import sys

from s3cop.local import children, postgres
from s3cop.local.home import Home, LocalServiceError
from s3cop.local.locks import locked

GRACE = 60.0  # seconds; a demo stops four programs, one after the other


def main(arguments: list[str]) -> int:
    if arguments not in (["stop"], ["clear"]):
        sys.stderr.write("usage: python -m s3cop.local stop|clear\n")
        return 2
    try:
        home = Home.from_environment()
        stop(home)
        if arguments == ["clear"]:
            clear(home)
    except LocalServiceError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


def stop(home: Home) -> None:
    """Stop the demo, what a killed one left, and the database, whoever uses it."""
    children.end_noted(home.run / "demo.pid", GRACE)
    children.clear_leftovers(home)
    with locked(home.run / "start.lock"):
        place = postgres.Place.of(home)
        if place.data.exists():
            postgres.stop(place)


def clear(home: Home) -> None:
    """Remove the stopped servers' folders outside the home: those with short paths, and the data of nobody's server."""
    for folder in {home.sockets, postgres.Place.of(home).sockets} - {home.run}:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
