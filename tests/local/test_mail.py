"""Local mail lands as one readable file per message."""

from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection


def test_each_message_becomes_a_file_of_its_own_in_the_order_sent(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    letters = [
        EmailMultiAlternatives("Μία συνάντηση", "Кога?", "portal@example.org", ["one@example.org"]),
        EmailMessage("Second", "Text", "portal@example.org", ["two@example.org"]),
        EmailMessage("To nobody", "Text", "portal@example.org", []),
    ]
    assert get_connection("s3cop.local.mail.OneFileEach").send_messages(letters) == 2
    files = sorted((tmp_path / "mail").iterdir())
    read = [BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files]
    assert [(mail["To"], mail["Subject"], mail.get_content().strip()) for mail in read] == [
        ("one@example.org", "Μία συνάντηση", "Кога?"),
        ("two@example.org", "Second", "Text"),
    ]
    assert [file.suffix for file in files] == [".eml", ".eml"]
