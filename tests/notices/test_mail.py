"""What arrives: headers, parts, languages, zones; on the wire and as files."""

import email
import email.policy
import hashlib
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from notices import delivery
from notices.models import Notice
from tests.factories import user

pytestmark = pytest.mark.django_db
Queued = Callable[..., Notice]
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


def raw(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


def html() -> str:
    """The HTML part of the first letter in the outbox."""
    letter = mail.outbox[0]
    assert isinstance(letter, EmailMultiAlternatives)
    return str(letter.alternatives[0][0])


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> dict[str, str]:
    return {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}


class Postmaster:
    """A real SMTP server that keeps what it gets; refuses addresses that begin with "gone"."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.sessions: set[int] = set()

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        self.sessions.add(id(session))
        return "250 OK"


@pytest.fixture
def postmaster(settings: Any) -> Iterator[Postmaster]:
    keeper = Postmaster()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(keeper, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield keeper
    controller.stop()


def test_on_the_wire_one_recipient_each_over_one_connection(letter: Queued, postmaster: Postmaster) -> None:
    for number, name in enumerate(("Ελένη Παράδειγμα", "Ивайло Примеров", 'Jörg "der" Weiß, PhD')):
        letter(user(display_name=name, email=f"p{number}@example.org"), f"key-{number}", ics=ICS, subject="Εα\r\nВг")
    assert delivery.deliver() == 3
    assert [envelope.rcpt_tos for envelope in postmaster.envelopes] == [[f"p{n}@example.org"] for n in range(3)]
    assert len(postmaster.sessions) == 1
    message = parsed(raw(postmaster.envelopes[1]))
    assert (message["Subject"], message["To"].addresses[0].display_name) == ("Εα Вг", "Ивайло Примеров")
    assert message["Message-ID"] == f"<{hashlib.sha256(b'key-1').hexdigest()[:32]}@127.0.0.1>"
    assert (message["Auto-Submitted"], message["Reply-To"]) == ("auto-generated", "secretariat@example.org")
    assert "Dear Ивайло Примеров," in parts(message)["text/plain"]


def test_the_calendar_is_an_alternative_with_one_charset(letter: Queued, postmaster: Postmaster) -> None:
    letter(user(), ics=ICS)
    delivery.deliver()
    message = parsed(raw(postmaster.envelopes[0]))
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    calendar = list(message.iter_parts())[2]
    assert calendar["Content-Type"] == 'text/calendar; method="REQUEST"; charset="utf-8"'
    assert ICS.encode() in raw(postmaster.envelopes[0])


def test_one_refused_mailbox_disturbs_no_other(letter: Queued, postmaster: Postmaster) -> None:
    for name in ("first", "gone", "last"):
        letter(user(email=f"{name}@example.org"), name)
    delivery.deliver()
    assert [envelope.rcpt_tos for envelope in postmaster.envelopes] == [["first@example.org"], ["last@example.org"]]
    assert Notice.objects.get(key="gone").state == Notice.State.FAILED


def test_while_the_mail_server_is_down_letters_wait(letter: Queued, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for key in "ab":
        letter(user(), key)
    assert (delivery.deliver(), delivery.deliver()) == (2, 0)
    rows = Notice.objects.order_by("key")
    assert [(row.state, row.attempts, row.last_error.partition(":")[0]) for row in rows] == [
        ("due", 1, "ConnectionRefusedError")
    ] * 2


def test_the_local_set_up_writes_one_file_for_each_letter(letter: Queued, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "s3cop.local.mail.OneFileEach"
    settings.EMAIL_FILE_PATH = tmp_path / "sent"
    names = ["Ελένη Παράδειγμα", "Ивайло Примеров"]
    for name in names:
        letter(user(display_name=name), name)
    delivery.deliver()
    files = sorted((tmp_path / "sent").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    messages = [parsed(path.read_bytes()) for path in files]
    assert sorted(message["To"].addresses[0].display_name for message in messages) == names
    assert sorted(parts(message)["text/plain"].splitlines()[0] for message in messages) == [
        f"Dear {name}," for name in names
    ]


def test_markup_in_data_stays_text(letter: Queued) -> None:
    letter(user(), words="1 < 2 & <script>alert(1)</script>")
    delivery.deliver()
    assert "1 < 2 & <script>alert(1)</script>" in mail.outbox[0].body
    assert "<script>" not in html()
    assert "&lt;script&gt;" in html()


def test_language_and_zone_are_those_of_the_recipient_and_do_not_leak(letter: Queued) -> None:
    """Greek is not spoken by the portal yet: a letter half Greek, half English would be worse than an English one."""
    letter(user(language="el", timezone="Europe/Athens"))
    delivery.deliver()
    assert 'lang="en"' in html()
    assert timezone.get_current_timezone_name() == "UTC"


def test_the_text_has_a_footer_and_no_heaps_of_blank_lines(letter: Queued) -> None:
    letter(user(display_name="Anna"), words="Come.")
    delivery.deliver()
    assert mail.outbox[0].body == (
        "Dear Anna,\n\nCome.\n\nKind regards,\nThe secretariat of the S3 Community of Practice\n\n--\nYou asked.\n"
        "Which letters you get, and when: http://127.0.0.1:8000/account/letters/\n"
        "Questions? Answer this letter, or write to secretariat@example.org.\n"
        "S3 Community of Practice: http://127.0.0.1:8000/\n"
    )
