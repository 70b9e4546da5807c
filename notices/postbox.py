"""One connection for many letters."""

from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from notices import wire
from notices.envelope import Envelope


class NotAccepted(Exception):  # noqa: N818 - named for what happened
    """The mail server took no message and gave no reason."""


class Postbox:
    """Opens at the first letter, stays open, and opens anew after a failure: who knows in what state that left it.

    And after every hundred letters: servers end a connection over which too many came. Over SMTP a letter goes without
    the detours of Django's backend; else as the backend does.
    """

    MOST = 100

    def __init__(self) -> None:
        self._connection = get_connection()
        self._envelope: Envelope | None = None
        self._is_open = False
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self, recipient: str) -> None:
        """Say for whom a letter is going to be: the server works on that while it is being written.

        This, `go_on` and `send` raise what the connection raises; after that it has to be closed.
        """
        if self._sent >= self.MOST:
            self.close()
        if not self._is_open:
            self._connection.open()
            self._is_open, self._sent = True, 0
        self._sent += 1
        if type(self._connection) is EmailBackend and self._connection.connection is not None:
            sender = wire.bare_address(settings.DEFAULT_FROM_EMAIL)
            self._envelope = Envelope(self._connection.connection, sender, wire.bare_address(recipient))

    def go_on(self) -> None:
        """Let the server work on what comes next; called about half-way through the writing."""
        if self._envelope:
            self._envelope.address()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand over the letter that was begun. Raises NotAccepted, too."""
        envelope, self._envelope = self._envelope, None
        if envelope:
            envelope.close(wire.content_of(message))
        elif self._connection.send_messages([message]) != 1:
            raise NotAccepted("The mail server took no message.")

    def close(self) -> None:
        """Close, whatever state the connection is in."""
        self._envelope = None
        if self._is_open:
            self._is_open = False
            try:
                self._connection.close()
            except OSError:
                # smtplib's errors are OSErrors; the library forgets its socket before it raises them
                self._connection = get_connection()
