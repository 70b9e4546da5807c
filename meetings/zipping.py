"""A ZIP written while it is sent: no file of its own, and only one block of a paper in memory. Pure."""

import datetime as dt
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO, NamedTuple

BLOCK = 1 << 18


class Entry(NamedTuple):
    """One file of the archive; `file` is closed when it has been read."""

    name: str
    file: IO[bytes]
    at: dt.datetime


class Pipe:
    """What zipfile writes to; it cannot go back, so zipfile writes sizes behind each file."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    def write(self, block: bytes) -> int:
        self.blocks.append(bytes(block))
        return len(block)

    def flush(self) -> None:
        """Nothing waits here."""

    def taken(self) -> bytes:
        content, self.blocks = b"".join(self.blocks), []
        return content


def stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the archive in blocks. The papers are compressed already: they are stored as they are."""
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:  # type: ignore[call-overload]  # all that it uses of a file
        for entry in entries:
            head = zipfile.ZipInfo(entry.name, date_time=entry.at.timetuple()[:6])
            head.external_attr = 0o644 << 16
            with closing(entry.file) as file, archive.open(head, "w") as packed:
                while block := file.read(BLOCK):
                    packed.write(block)
                    yield pipe.taken()
    yield pipe.taken()


def different(names: Iterable[str]) -> Iterator[str]:
    """Number the names that are taken: "a.pdf", "a (2).pdf"."""
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        stem, dot, ending = name.rpartition(".")
        yield name if seen[name] == 1 else f"{stem or name} ({seen[name]}){dot}{ending if stem else ''}"
