"""What a process of a run is given at a time: a whole module, so that what the module makes is made once.

Tests in Chromium come one by one, and last: they leave no process busy alone at the end.
"""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

ALONE = "tests/browser/"
LONG = {"test_meeting_flow.py", "test_ranking_flow.py", "test_secrecy.py", "test_load_anew.py"}


class Shares(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        """Return the name of the share that the test belongs to."""
        return nodeid if nodeid.startswith(ALONE) else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    config.option.loadscopereorder = False  # it would begin with the modules of most tests
    return Shares(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest. Beside that the order is random."""
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    if item.get_closest_marker("worker") or item.path.name in LONG:
        return 0
    return 2 if item.nodeid.startswith(ALONE) else 1
