"""Children of the supervisor: stopped with their whole group, and found again after a crash by pid and start time."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from s3cop.local import children
from s3cop.local.children import Child
from s3cop.local.home import Home

SLEEP = ["sleep", "60"]
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home.at(tmp_path)
    yield home
    children.clear_leftovers(home)


def line_in(log: Path) -> str:
    deadline = time.monotonic() + 60
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    return log.read_text().strip()


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while children.started_at(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return children.started_at(pid) is None


def test_a_stopped_child_leaves_no_process_and_no_note(home: Home) -> None:
    child = Child(home, "web", SLEEP, os.environ)
    assert children.living(home.run / "web.pid") == child.process.pid
    child.stop()
    assert (children.started_at(child.process.pid), list(home.run.iterdir())) == (None, [])


def test_a_child_that_ignores_the_order_is_killed_with_its_group(home: Home) -> None:
    child = Child(home, "worker", [sys.executable, "-c", STUBBORN], os.environ)
    grandchild = int(line_in(child.log))
    child.stop(hurry=lambda: True)
    assert child.exit_code == -9
    assert is_gone(grandchild)


def test_a_child_runs_in_its_own_session_so_that_ctrl_c_misses_it(home: Home) -> None:
    child = Child(home, "web", SLEEP, os.environ)
    assert os.getsid(child.process.pid) == child.process.pid
    child.stop()


def test_the_last_lines_are_those_of_this_run(home: Home) -> None:
    first = Child(home, "web", ["echo", "an earlier run"], os.environ)
    first.process.wait()
    second = Child(home, "web", ["seq", "30"], os.environ)
    second.process.wait()
    assert second.last_lines(3) == "28\n29\n30"
    assert second.last_lines(40).splitlines()[0] == "1"


def test_what_a_killed_supervisor_left_is_stopped(home: Home) -> None:
    left = Child(home, "worker", SLEEP, os.environ)
    assert children.clear_leftovers(home) == ["worker"]
    assert (left.process.wait(), list(home.run.iterdir())) == (-15, [])


@pytest.mark.parametrize("note", ["", "{}", "[1]", '{"pid": 1, "started_at": null}', '{"pid": "x", "started_at": ""}'])
def test_a_broken_note_is_only_removed(note: str, home: Home) -> None:
    (home.run / "web.pid").write_text(note)
    assert (children.clear_leftovers(home), list(home.run.iterdir())) == ([], [])


def test_another_process_with_the_same_pid_is_not_signalled(home: Home) -> None:
    with subprocess.Popen(SLEEP) as other:
        note = {"pid": other.pid, "started_at": "an earlier boot 1"}
        (home.run / "web.pid").write_text(json.dumps(note))
        assert (children.clear_leftovers(home), other.poll()) == ([], None)
        other.kill()
