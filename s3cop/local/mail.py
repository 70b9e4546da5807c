"""Outgoing mail of the local set-up: one .eml file per message in S3COP_HOME/mail, oldest first by name."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class OneFileEach(BaseEmailBackend):
    """Django's own file backend writes a whole batch into one file, which no mail program opens."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message; return how many were written. Messages without recipients are passed over."""
        wanted = [message for message in email_messages if message.recipients()]
        for message in wanted:
            write(Path(settings.EMAIL_FILE_PATH), message.message().as_bytes())
        return len(wanted)


def write(folder: Path, content: bytes) -> Path:
    """Write one message under a temporary name, then rename it, so that no reader meets half a message."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.eml"
    new = path.with_suffix(".new")
    new.write_bytes(content)
    return new.rename(path)
