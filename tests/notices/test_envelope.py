"""What a mail server hears of a letter, and when; what it answers decides."""

import smtplib
import socket
from collections.abc import Iterator
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest

from notices.envelope import Envelope

MAIL, RCPT = b"MAIL FROM:<office@example.org>\r\n", b"RCPT TO:<anna@example.org>\r\n"


class Server:
    """The other end of a connection over which the greetings have been exchanged."""

    def __init__(self, *features: str) -> None:
        ours, self.theirs = socket.socketpair()
        self.smtp = smtplib.SMTP()
        self.smtp.sock, self.smtp.ehlo_resp = ours, b"sink"
        self.smtp.esmtp_features = dict.fromkeys(features, "")

    def heard(self) -> bytes:
        self.theirs.setblocking(False)
        try:
            return self.theirs.recv(100_000)
        except BlockingIOError:
            return b""

    def says(self, *lines: str) -> None:
        self.theirs.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def envelope(self) -> Envelope:
        return Envelope(self.smtp, "office@example.org", "anna@example.org")


@pytest.fixture(params=["", "pipelining"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    server = Server(request.param)
    with server.theirs:
        yield server
    server.smtp.close()


def test_each_command_leaves_at_once_and_two_where_the_server_takes_them(server: Server) -> None:
    envelope = server.envelope()
    first = server.heard()
    server.says("250 OK")
    envelope.address()
    at_once = [MAIL + RCPT, b""] if server.smtp.has_extn("pipelining") else [MAIL, RCPT]
    assert [first, server.heard()] == at_once
    server.says("251 somewhere else", "354 go on", "250 OK")
    envelope.close(b"Subject: A letter\r\n\r\n.\r\n..two\r\nend\r\n")
    assert server.heard() == b"DATA\r\nSubject: A letter\r\n\r\n..\r\n...two\r\nend\r\n.\r\n"


def test_a_last_line_without_an_end_gets_one_and_a_first_dot_is_doubled(server: Server) -> None:
    envelope = server.envelope()
    server.says("250 OK", "250 OK", "354 go on", "250 OK")
    envelope.address()
    envelope.close(b".dot")
    assert server.heard().endswith(b"DATA\r\n..dot\r\n.\r\n")


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        (["451 later", "503 no sender"], SMTPSenderRefused(451, b"later", "office@example.org")),
        (["250 OK", "550 no such mailbox"], SMTPRecipientsRefused({"anna@example.org": (550, b"no such mailbox")})),
        (["250 OK", "250 OK", "554 no"], SMTPDataError(554, b"no")),
        (["250 OK", "250 OK", "354 go on", "552-too\r\n552 much"], SMTPDataError(552, b"too\nmuch")),
    ],
)
def test_what_the_server_refuses_is_said_as_the_library_says_it(
    server: Server, answers: list[str], error: smtplib.SMTPException
) -> None:
    envelope = server.envelope()
    server.says(*answers)
    with pytest.raises(type(error)) as raised:
        handed_over(envelope)
    assert raised.value.args == error.args


def handed_over(envelope: Envelope) -> None:
    envelope.address()
    envelope.close(b"Good day\r\n")


def test_a_server_that_hangs_up_is_an_error(server: Server) -> None:
    envelope = server.envelope()
    server.says("250 OK")
    server.theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        handed_over(envelope)


def test_no_address_holds_a_command() -> None:
    server = Server()
    with server.theirs, pytest.raises(ValueError, match="line break"):
        Envelope(server.smtp, "office@example.org>\r\nRCPT TO:<eve@example.org", "anna@example.org")
    server.smtp.close()
