"""The private PostgreSQL: who starts it, who stops it, and what survives a crash."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from s3cop.local import address, postgres
from s3cop.local.home import PROJECT, Home, LocalServiceError

Joiner = subprocess.Popen[str]


def is_up(home: Home) -> bool:
    return postgres.listens(postgres.Place.of(home))


def heard(process: Joiner) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell_to_leave(process: Joiner) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def kill(process: Joiner) -> None:
    process.kill()
    process.wait()


def waited_for(path: Path) -> bool:
    deadline = time.monotonic() + 60
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    return path.exists()


def test_the_first_starts_the_second_joins_and_the_last_one_out_stops(home: Home) -> None:
    first = postgres.join(home)
    second = postgres.join(home)
    assert (first.started, second.started) == (True, False)
    assert (first.leave(), is_up(home)) == (False, True)
    assert (second.leave(), is_up(home)) == (True, False)


def test_the_database_speaks_utf_8_and_utc_opens_no_port_and_its_address_passes_the_check(home: Home) -> None:
    with postgres.joined(home) as seat, psycopg.connect(seat.place.url) as connection:
        address.check(seat.place.url)
        asked = (
            "SELECT current_database(), upper('ώ'), current_setting('timezone'), current_setting('listen_addresses')"
        )
        assert connection.execute(asked).fetchone() == ("s3cop", "Ώ", "UTC", "")


def test_four_at_once_on_an_empty_home_give_one_start_and_one_stop_and_no_variable_leads_them_astray(
    empty_home: Home, joiner: Callable[..., Joiner]
) -> None:
    astray = {"PGHOST": "/nowhere", "PGPORT": "1", "PGDATABASE": "other", "PGUSER": "other", "PGSERVICE": "other"}
    processes = [joiner(empty_home, **astray) for _ in range(4)]
    assert sorted(heard(process) for process in processes) == ["False", "False", "False", "True"]
    for process in processes:
        tell_to_leave(process)
    assert sorted(heard(process) for process in processes) == ["False", "False", "False", "True"]
    assert not is_up(empty_home)


def test_after_a_killed_starter_the_next_joins_and_stops_the_server(home: Home, joiner: Callable[..., Joiner]) -> None:
    starter = joiner(home)
    assert heard(starter) == "True"
    kill(starter)
    seat = postgres.join(home)
    assert (seat.started, seat.leave(), is_up(home)) == (False, True, False)


def test_after_a_killed_server_it_is_started_again_with_its_rows(home: Home) -> None:
    with postgres.joined(home) as seat:
        with psycopg.connect(seat.place.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        os.kill(int((seat.place.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        seat.revive()
        with psycopg.connect(seat.place.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_a_database_that_was_dropped_is_made_again(home: Home) -> None:
    with postgres.joined(home) as seat:
        with psycopg.connect(seat.place.url, dbname="postgres", autocommit=True) as connection:
            connection.execute("DROP DATABASE s3cop")
        with postgres.joined(home), psycopg.connect(seat.place.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_first_start_killed_during_initdb_leaves_no_half_database(
    empty_home: Home, joiner: Callable[..., Joiner]
) -> None:
    starter = joiner(empty_home)
    assert waited_for(empty_home.root / "pg.new" / "base")
    kill(starter)
    assert not (empty_home.root / "pg").exists()
    with postgres.joined(empty_home) as seat, psycopg.connect(seat.place.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not (empty_home.root / "pg.new").exists()


@pytest.mark.parametrize("name", ["with a space and 'quote'", "long-" * 25])
def test_any_path_will_do(name: str, home_at: Callable[[Path], Home], tmp_path: Path) -> None:
    home = home_at(tmp_path / name)
    with postgres.joined(home) as seat, psycopg.connect(seat.place.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not is_up(home)


def test_a_path_the_shell_would_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalServiceError, match="S3COP_HOME may not contain"):
        Home.at(tmp_path / "$HOME")


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalServiceError, match=f"S3COP_HOME {tmp_path}/file/home cannot be used: Not a directory"):
        Home.at(tmp_path / "file" / "home")


def test_the_home_is_for_its_owner_only(home: Home) -> None:
    folders = [home.run, home.log, home.mail, home.media, home.root / "pg"]
    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


def test_data_of_another_version_are_named_and_left_alone(home: Home) -> None:
    version = home.root / "pg" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(LocalServiceError, match=r"was made by PostgreSQL 17, installed is 18: nothing was touched"):
        postgres.join(home)
    assert version.read_text() == "17\n"


def test_root_without_user_namespaces_uses_nobody_or_says_why_not(
    empty_home: Home, joiner: Callable[..., Joiner], tmp_path: Path
) -> None:
    refusing = tmp_path / "unshare"
    refusing.write_text("#!/bin/sh\nexit 1\n")
    refusing.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    process = joiner(empty_home, PATH=path)
    if started := heard(process):
        tell_to_leave(process)
        assert (started, heard(process)) == ("True", "True")
        around = os.environ | {"PATH": path, "S3COP_HOME": str(empty_home.root)}
        subprocess.run([sys.executable, "-m", "s3cop.local", "clear"], check=True, cwd=PROJECT, env=around)
    else:
        assert process.stderr is not None
        assert "set DATABASE_URL or run as a normal user" in process.stderr.read().splitlines()[-1]
