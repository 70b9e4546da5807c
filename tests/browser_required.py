"""Where Chromium is required (CHROMIUM_REQUIRED=1), a whole run in which no browser test ran has failed."""

import os

import pytest

NEEDS_A_BROWSER = "e2e"
ran: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """With xdist the reports of all workers arrive here, in the process that leads them."""
    if report.when == "call" and not report.skipped and NEEDS_A_BROWSER in report.keywords:
        ran.add(report.nodeid)


def asks_for_everything(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.collectonly or config.option.markexpr not in {"", NEEDS_A_BROWSER}
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


def pytest_sessionfinish(session: pytest.Session) -> None:
    leads = not hasattr(session.config, "workerinput")
    required = os.environ.get("CHROMIUM_REQUIRED") == "1"
    if required and leads and not ran and asks_for_everything(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nCHROMIUM_REQUIRED=1, but no browser test ran.")  # noqa: T201 - pytest's terminal
