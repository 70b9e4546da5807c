"""Which broker is chosen, and how it is asked whether it lives."""

import os
from pathlib import Path

import pytest

from s3cop.local import broker
from s3cop.local.home import Home, LocalServiceError


def test_a_server_on_the_path_comes_before_the_one_from_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("valkey-server", "redis-server"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert [server.program for server in broker.servers()][:2] == [
        tmp_path / "redis-server",
        tmp_path / "valkey-server",
    ]


def test_the_call_opens_no_port_and_writes_no_file(tmp_path: Path) -> None:
    call = broker.Server(Path("/bin/server"), "").command(tmp_path)
    flags = dict(zip(call[1::2], call[2::2], strict=True))
    assert flags == {
        "--port": "0",
        "--unixsocket": f"{tmp_path}/redis.sock",
        "--unixsocketperm": "700",
        "--save": "",
        "--appendonly": "no",
        "--dir": str(tmp_path),
    }


def test_no_broker_answers_where_there_is_none(tmp_path: Path) -> None:
    assert not broker.answers(tmp_path)


def test_the_address_of_a_folder_with_a_space_is_encoded() -> None:
    assert broker.url_in(Path("/a b/run")) == "unix:///a%20b/run/redis.sock"


def test_the_folders_of_the_file_transport_begin_empty(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    broker.make_folders(home)
    (home.run / "queue" / "old.msg").touch()
    broker.make_folders(home)
    assert [sorted((home.run / name).iterdir()) for name in ("queue", "control")] == [[], []]


@pytest.mark.parametrize("url", ["redis://:secret@127.0.0.1:1/0", "unix:///nowhere/redis.sock", "http://secret"])
def test_a_broker_that_does_not_answer_is_told_in_one_line_without_the_password(url: str) -> None:
    with pytest.raises(LocalServiceError, match=r"^REDIS_URL: ") as told:
        broker.check(url)
    assert ("\n" in str(told.value), "secret" in str(told.value)) == (False, False)
