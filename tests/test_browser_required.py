"""A small suite beside ours, with the same hooks: what counts as a run with a browser test?"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

INI = "[pytest]\ntestpaths = suite\nmarkers = e2e: drives Chromium\n"
HOOKS = "from tests.browser_required import pytest_runtest_logreport, pytest_sessionfinish\n"
PLAIN = "def test_plain():\n    pass\n"
E2E = "import pytest\n@pytest.mark.e2e\ndef test_page():\n    {body}\n"
SPREAD = ["-p", "xdist", "-n", "1", "--dist", "loadgroup"]


# Runs each suite in a fork of one process: to load pytest takes longer than to run it.
RUNNER = """
import json, os, sys
import pytest, xdist.plugin, xdist.dsession, xdist.workermanage
for line in sys.stdin:
    folder, required, arguments = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.chdir(folder)
    os.environ["CHROMIUM_REQUIRED"] = required
    said = os.open("said", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1), os.dup2(said, 2)
    code = pytest.main(arguments)
    sys.stdout.flush()
    os._exit(code)
"""
Outcome = Callable[..., tuple[int, bool]]


@pytest.fixture(scope="module")
def runner() -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | {"PYTHONPATH": str(settings.BASE_DIR), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", RUNNER], env=environment, **pipes) as process:
        yield process


@pytest.fixture
def outcome(runner: "subprocess.Popen[str]", tmp_path: Path) -> Outcome:
    """Run the suite; return the exit code and whether the sentence was said."""

    def run(suite: str, *arguments: str, required: str = "1") -> tuple[int, bool]:
        (tmp_path / "pytest.ini").write_text(INI)
        (tmp_path / "suite").mkdir()
        (tmp_path / "suite" / "conftest.py").write_text(HOOKS)
        (tmp_path / "suite" / "test_it.py").write_text(suite)
        assert runner.stdin is not None
        assert runner.stdout is not None
        told = [str(tmp_path), required, ["-q", "-p", "no:cacheprovider", *arguments]]
        print(json.dumps(told), file=runner.stdin, flush=True)
        code = int(runner.stdout.readline())
        return code, "no browser test ran" in (tmp_path / "said").read_text()

    return run


@pytest.mark.parametrize("spread", [[], SPREAD], ids=["alone", "spread"])
def test_a_run_without_a_browser_test_fails(outcome: Outcome, spread: list[str]) -> None:
    assert outcome(PLAIN, *spread) == (1, True)


@pytest.mark.parametrize("spread", [[], SPREAD], ids=["alone", "spread"])
def test_a_run_with_one_passes(outcome: Outcome, spread: list[str]) -> None:
    assert outcome(PLAIN + E2E.format(body="pass"), *spread) == (0, False)


def test_a_skipped_browser_test_did_not_run(outcome: Outcome) -> None:
    assert outcome(PLAIN + E2E.format(body="pytest.skip('no Chromium')")) == (1, True)


@pytest.mark.parametrize("arguments", [["-k", "plain"], ["-m", "not e2e"], ["suite/test_it.py"]], ids=" ".join)
def test_a_part_of_the_suite_may_go_without(outcome: Outcome, arguments: list[str]) -> None:
    assert outcome(PLAIN, *arguments) == (0, False)


def test_where_chromium_is_not_required_nothing_is_asked(outcome: Outcome) -> None:
    assert outcome(PLAIN, required="") == (0, False)
