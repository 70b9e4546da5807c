"""Asks a server over many connections at once, and looks at what its processes use. The latter needs Linux's /proc."""

import asyncio
import os
import re
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS, TIMES = 32, 5  # at once; requests of each, one after the other
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Side:
    """A page of a running server, as the reader with this cookie gets it."""

    name: str
    root: int  # the server's process
    port: int
    address: str
    cookie: str = ""

    @property
    def request(self) -> bytes:
        lines = [f"GET {self.address} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: br, gzip"]
        return "\r\n".join([*lines, *([f"Cookie: {self.cookie}"] if self.cookie else []), "", ""]).encode()


def ask(side: Side) -> tuple[float, float]:
    """Return the 99th percentile of the waiting times and the CPU time of one request, both in milliseconds.

    Exits when an answer is not 200 or a connection breaks.
    """
    before = cpu_seconds(side.root)
    try:
        times = asyncio.run(_at_once(side))
    except (asyncio.IncompleteReadError, OSError, ValueError) as problem:
        sys.exit(f"{side.name}: {side.address}: {problem}")
    used = cpu_seconds(side.root) - before
    return statistics.quantiles(times, n=100)[-1], used * 1000 / len(times)


async def _at_once(side: Side) -> list[float]:
    found = await asyncio.gather(*(_one_after_the_other(side) for _ in range(CONNECTIONS)))
    return [each for times in found for each in times]


async def _one_after_the_other(side: Side) -> list[float]:
    reader, writer = await asyncio.open_connection("127.0.0.1", side.port)
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        writer.write(side.request)
        await _answer(reader)
        times.append((time.perf_counter() - start) * 1000)
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read it to its end; ValueError unless it is a 200 that says how long it is."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200 ") or not length:
        raise ValueError(repr(head[:200]))
    await reader.readexactly(int(length[1]))


def tree(root: int) -> list[int]:
    """Return a process with all that it started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(stat)
        if fields:
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def _fields(stat: Path) -> list[str]:
    """Return what stands behind the name of the program; nothing when the process is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(root: int) -> float:
    """Return what the tree has used so far, in steps of the kernel's clock (10 ms)."""
    stats = [_fields(Path(f"/proc/{pid}/stat")) for pid in tree(root)]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats if fields) / os.sysconf("SC_CLK_TCK")


def megabytes(root: int) -> float:
    """Return the proportional set size of the tree: memory that n processes share counts as an n-th of each."""
    rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in tree(root)]
    sizes = [int(found[1]) for text in rolled if (found := re.search(r"^Pss: +(\d+)", text, re.MULTILINE))]
    return sum(sizes) / 1024
