"""A process that builds one edition again and again and is killed at a later stage each time.

`python -m tests.outcomes.killed PK` prints JSON: for each stage the signal, and what the database holds afterwards.
"""

import json
import os
import signal
import sys
from typing import Any

import django

STAGES = 6  # after each step, and at last in the transaction that keeps the whole


def main(pk: int) -> None:
    import docx  # noqa: F401 - once, not in every child
    import typst  # noqa: F401 - as above

    django.setup()
    print(json.dumps([_killed_at(stage, pk) for stage in range(1, STAGES + 1)]))  # noqa: T201 - its answer


def _killed_at(stage: int, pk: int) -> list[Any]:
    from django.db import connections

    from outcomes.models import Edition

    Edition.objects.filter(pk=pk).update(build_attempts=0, build_lease_until=None)
    connections.close_all()
    child = os.fork()
    if child == 0:
        _build(stage, pk)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    edition = Edition.objects.get(pk=pk)
    left = [edition.state, edition.html, edition.files.count(), edition.build_attempts, edition.build_step]
    return [os.WTERMSIG(status), *left]


def _build(stage: int, pk: int) -> None:
    from history import actions as history
    from outcomes.actions import building

    done = building._step_done

    def dying(edition: Any, step: int) -> None:
        done(edition, step)
        if step == stage:
            os.kill(os.getpid(), signal.SIGKILL)

    def last(*_args: Any, **_kwargs: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    building._step_done = dying
    if stage == STAGES:
        history.record = last  # type: ignore[assignment]  # in the transaction, before it is committed
    building.build_edition(pk)


if __name__ == "__main__":
    main(int(sys.argv[1]))
