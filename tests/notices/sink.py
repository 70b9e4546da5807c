"""A mail server for the tests of faults: it keeps each letter as a file, and misbehaves as it is told."""

import asyncio
import email
import email.policy
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"
LONG = 60.0  # seconds
TAKEN = "taken, then dropped"  # the fault that keeps the letter and hangs up before the OK has left


def nothing(_letters: int) -> None:
    """No fault."""


@dataclass
class Sink:
    """What arrives lies in `folder`, one file for each accepted letter. The hooks get their number so far."""

    folder: Path
    port: int = 0
    before: Callable[[int], None] = nothing  # the sender has said for whom its letter is
    after: Callable[[int], None] = nothing  # the letter is accepted, the sender does not know it yet
    faults: list[str] = field(default_factory=list)  # one for each letter that is offered, until none are left
    accepted: int = 0

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.before(self.accepted)
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "hang":
            await asyncio.sleep(LONG)  # until the sender has hung up: that ends the conversation
        if fault in {"", TAKEN}:
            self._keep(envelope.content)
        if fault in {"drop", TAKEN}:
            cast(asyncio.Transport, server.transport).abort()
        return fault or OK

    def _keep(self, content: object) -> None:
        assert isinstance(content, bytes)
        path = self.folder / f"{self.accepted:04}.eml"
        path.with_suffix(".new").write_bytes(content)
        path.with_suffix(".new").rename(path)
        self.accepted += 1
        self.after(self.accepted)

    def letters(self) -> list[EmailMessage]:
        files = sorted(self.folder.glob("*.eml"))
        read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
        return [letter for letter in read if isinstance(letter, EmailMessage)]

    def count(self) -> Counter[tuple[str, str]]:
        """Return how many files there are of each recipient and Message-ID."""
        return Counter(
            (letter["To"].addresses[0].addr_spec, str(letter["Message-ID"]).strip()) for letter in self.letters()
        )

    def people(self) -> Counter[str]:
        """Return how many files there are for each recipient."""
        return Counter(letter["To"].addresses[0].addr_spec for letter in self.letters())


@contextmanager
def running(folder: Path) -> Iterator[Sink]:
    folder.mkdir()
    sink = Sink(folder)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        sink.port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
