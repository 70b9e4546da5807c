"""Two pages of the local set-up only: outgoing mail as it would arrive, and the style guide."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

MANY = 200  # letters listed


def only_local() -> None:
    """These pages do not exist in production."""
    if not settings.LOCAL:
        raise Http404


def folder() -> Path:
    only_local()
    return Path(settings.S3COP_HOME) / "mail"


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy says so
    return message


def part(message: EmailMessage, kind: str) -> str:
    """Return the text of the first part of this media type, or nothing."""
    for piece in message.walk():
        if piece.get_content_type() == kind:
            return str(piece.get_content())
    return ""


@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the letters, newest first."""
    paths = sorted(folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:MANY]
    letters = [(path.stem, read(path)) for path in paths]
    rows = [{"name": name, "to": m["To"], "subject": m["Subject"], "date": m["Date"]} for name, m in letters]
    return render(request, "pages/mailbox.html", {"letters": rows})


@login_not_required
def letter(request: HttpRequest, name: str) -> HttpResponse:
    path = folder() / f"{name}.eml"
    if path.name not in {known.name for known in folder().glob("*.eml")}:
        raise Http404
    message = read(path)
    headers = [
        (header, message[header])
        for header in ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
        if message[header]
    ]
    context = {"headers": headers, "text": part(message, "text/plain"), "calendar": part(message, "text/calendar")}
    return render(request, "pages/letter.html", context)


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    only_local()
    return render(request, "pages/styleguide.html")
