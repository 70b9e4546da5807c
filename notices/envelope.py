"""One letter's way over an open SMTP connection: the server works on each command while the letter is being written."""

from smtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

TAKEN, FORWARDED, GO_ON = 250, 251, 354  # RFC 5321, 4.2.3


class Envelope:
    """Tells the server from whom and for whom a letter is, and hands it over.

    A server that takes commands without having answered the one before (RFC 2920) gets them so. Raises what smtplib
    raises; then the connection can only be closed.
    """

    def __init__(self, smtp: SMTP, sender: str, recipient: str) -> None:
        smtp.ehlo_or_helo_if_needed()
        self._smtp, self._sender, self._recipient = smtp, sender, recipient
        self._is_addressed = smtp.has_extn("pipelining")
        self._say(f"MAIL FROM:<{sender}>", *([self._for_whom] if self._is_addressed else []))

    def address(self) -> None:
        """Hear whether the sender may send, then say for whom the letter is; one that was told both needs no more."""
        if not self._is_addressed:
            self._hear_of_sender()
            self._say(self._for_whom)

    def close(self, content: bytes) -> None:
        """Hand over the letter, its lines ended by CRLF; return when the server has taken it."""
        if self._is_addressed:
            self._hear_of_sender()
        self._hear_of_recipient()
        self._say("DATA")
        self._hear(GO_ON)
        self._smtp.send(_quoted(content))
        self._hear(TAKEN)

    @property
    def _for_whom(self) -> str:
        return f"RCPT TO:<{self._recipient}>"

    def _say(self, *commands: str) -> None:
        """In one piece: of several small ones a network may hold back the second until the first has arrived."""
        if any(sign in command for command in commands for sign in "\r\n"):
            raise ValueError("a line break in an address")
        self._smtp.send("".join(f"{command}\r\n" for command in commands))

    def _hear_of_sender(self) -> None:
        code, said = self._smtp.getreply()
        if code != TAKEN:
            raise SMTPSenderRefused(code, said, self._sender)

    def _hear_of_recipient(self) -> None:
        code, said = self._smtp.getreply()
        if code not in {TAKEN, FORWARDED}:
            raise SMTPRecipientsRefused({self._recipient: (code, said)})

    def _hear(self, expected: int) -> None:
        code, said = self._smtp.getreply()
        if code != expected:
            raise SMTPDataError(code, said)


def _quoted(content: bytes) -> bytes:
    """Return the content as it follows DATA: a dot that begins a line is doubled, one alone ends it."""
    lines = (b"\n" + content).replace(b"\n.", b"\n..")[1:]
    return lines + (b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n")
