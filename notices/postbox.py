"""One connection for many letters."""

from typing import Self

from django.core.mail import EmailMultiAlternatives, get_connection


class NotAccepted(Exception):  # noqa: N818 - named for what happened
    """The mail server took no message and gave no reason."""


class Postbox:
    """Opens at the first letter, stays open, and opens anew after a failure: who knows in what state that left it."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._is_open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: EmailMultiAlternatives) -> None:
        """Hand over one message. Raises what the connection raises, or NotAccepted."""
        if not self._is_open:
            self._connection.open()
            self._is_open = True
        if self._connection.send_messages([message]) != 1:
            raise NotAccepted("The mail server took no message.")

    def close(self) -> None:
        """Close, whatever state the connection is in."""
        if self._is_open:
            self._is_open = False
            try:
                self._connection.close()
            except OSError:
                # smtplib's errors are OSErrors; the library forgets its socket before it raises them
                self._connection = get_connection()
