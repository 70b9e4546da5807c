"""The servers of the tests themselves: they end with their process, also when it is killed."""

import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest

from s3cop.local import throwaway
from s3cop.local.home import PROJECT, temporary_root
from s3cop.local.throwaway import throwaway_broker, throwaway_folder, throwaway_postgres

HOLDER = """
import sys, time
from pathlib import Path
from s3cop.local.throwaway import throwaway_postgres
with throwaway_postgres(start_from=Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


def folder_of(url: str) -> Path:
    return Path(unquote(urlsplit(url).netloc.rpartition("@")[2].partition(":")[0]))


def cannot_connect(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return True
    return False


@pytest.mark.parametrize(("memory", "room", "there"), [("", 0, True), ("", 1 << 60, False), ("missing", 0, False)])
def test_what_is_thrown_away_lies_in_memory_where_there_is_plenty_of_room(
    memory: str, room: int, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throwaway, "MEMORY", tmp_path / memory)
    monkeypatch.setattr(throwaway, "ROOM", room)
    assert throwaway.quick_root() == (tmp_path if there else temporary_root())


def test_a_throw_away_database_is_gone_after_the_block(made_cluster: Path) -> None:
    with throwaway_postgres(start_from=made_cluster) as url, psycopg.connect(url) as connection:
        asked = "SELECT current_database(), current_setting('fsync'), current_setting('max_connections')"
        assert connection.execute(asked).fetchone() == ("s3cop", "off", "100")
    assert not folder_of(url).exists()


@pytest.mark.skipif(not shutil.which("setpriv"), reason="without setpriv the server outlives a killed test run")
def test_a_throw_away_database_ends_with_its_killed_process_and_is_swept_later(made_cluster: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(made_cluster)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        assert not cannot_connect(url)
        holder.kill()
    deadline = time.monotonic() + 60
    while not cannot_connect(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert cannot_connect(url)
    with throwaway_folder():
        assert not folder_of(url).exists()


def test_a_throw_away_broker_keeps_nothing_on_disk_and_opens_no_port() -> None:
    with throwaway_broker() as url:
        if url is None:
            pytest.skip("no Redis or Valkey on this machine: the portal uses files there")
        import redis

        with redis.Redis.from_url(url) as client:
            client.set("a", "1")
            assert client.get("a") == b"1"
            assert client.config_get("port", "save", "appendonly") == {"port": "0", "save": "", "appendonly": "no"}
    assert not Path(urlsplit(url).path).parent.exists()
