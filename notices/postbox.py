"""One connection for many letters."""

from typing import Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend

from notices import wire


class NotAccepted(Exception):  # noqa: N818 - named for what happened
    """The mail server took no message and gave no reason."""


class Postbox:
    """Opens at the first letter, stays open, and opens anew after a failure: who knows in what state that left it.

    And after every hundred letters: servers end a connection over which too many came.
    """

    MOST = 100

    def __init__(self) -> None:
        self._connection = get_connection()
        self._is_open = False
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand over one message. Raises what the connection raises, or NotAccepted."""
        if self._sent >= self.MOST:
            self.close()
        if not self._is_open:
            self._connection.open()
            self._is_open, self._sent = True, 0
        self._sent += 1
        if not self._hand_over(message):
            raise NotAccepted("The mail server took no message.")

    def _hand_over(self, message: EmailMultiAlternatives) -> bool:
        """Over SMTP without the detours of Django's backend; else as the backend does."""
        connection = self._connection
        if type(connection) is not EmailBackend or connection.connection is None:
            return connection.send_messages([message]) == 1
        sender, *recipients = map(wire.bare_address, [message.from_email, *message.recipients()])
        connection.connection.sendmail(sender, recipients, wire.content_of(message))
        return True

    def close(self) -> None:
        """Close, whatever state the connection is in."""
        if self._is_open:
            self._is_open = False
            try:
                self._connection.close()
            except OSError:
                # smtplib's errors are OSErrors; the library forgets its socket before it raises them
                self._connection = get_connection()
