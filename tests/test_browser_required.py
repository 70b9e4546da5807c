"""A small suite beside ours, with the same hooks: what counts as a run with a browser test?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

INI = "[pytest]\ntestpaths = suite\nmarkers = e2e: drives Chromium\n"
HOOKS = "from tests.browser_required import pytest_runtest_logreport, pytest_sessionfinish\n"
PLAIN = "def test_plain():\n    pass\n"
E2E = "import pytest\n@pytest.mark.e2e\ndef test_page():\n    {body}\n"
SPREAD = ["-p", "xdist", "-n", "1", "--dist", "loadgroup"]


def outcome(folder: Path, suite: str, *arguments: str, required: str = "1") -> tuple[int, bool]:
    """Run the suite; return the exit code and whether the sentence was said."""
    (folder / "pytest.ini").write_text(INI)
    (folder / "suite").mkdir()
    (folder / "suite" / "conftest.py").write_text(HOOKS)
    (folder / "suite" / "test_it.py").write_text(suite)
    environment = os.environ | {"CHROMIUM_REQUIRED": required, "PYTHONPATH": str(settings.BASE_DIR)}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # quick to start
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return run.returncode, "no browser test ran" in run.stdout


@pytest.mark.parametrize("spread", [[], SPREAD], ids=["alone", "spread"])
def test_a_run_without_a_browser_test_fails(tmp_path: Path, spread: list[str]) -> None:
    assert outcome(tmp_path, PLAIN, *spread) == (1, True)


@pytest.mark.parametrize("spread", [[], SPREAD], ids=["alone", "spread"])
def test_a_run_with_one_passes(tmp_path: Path, spread: list[str]) -> None:
    assert outcome(tmp_path, PLAIN + E2E.format(body="pass"), *spread) == (0, False)


def test_a_skipped_browser_test_did_not_run(tmp_path: Path) -> None:
    assert outcome(tmp_path, PLAIN + E2E.format(body="pytest.skip('no Chromium')")) == (1, True)


@pytest.mark.parametrize("arguments", [["-k", "plain"], ["-m", "not e2e"], ["suite/test_it.py"]], ids=" ".join)
def test_a_part_of_the_suite_may_go_without(tmp_path: Path, arguments: list[str]) -> None:
    assert outcome(tmp_path, PLAIN, *arguments) == (0, False)


def test_where_chromium_is_not_required_nothing_is_asked(tmp_path: Path) -> None:
    assert outcome(tmp_path, PLAIN, required="") == (0, False)
