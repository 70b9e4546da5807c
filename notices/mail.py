"""Turns a notice into a message: in the recipient's language and zone, text and HTML, one recipient."""

import datetime as dt
import hashlib
import re
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from notices.letters import Draft, letter_of
from notices.models import Notice


def message_id(notice: Notice) -> str:
    """The same for each try of the same letter, so that mailboxes fold a letter that came twice."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{host}>"


def one_line(text: str) -> str:
    """Headers hold no line breaks: Django refuses them, and rightly so."""
    return " ".join(text.split())


def language_of(notice: Notice) -> str:
    """Only languages the portal speaks: else the dates would be Greek and the sentences English."""
    wanted = notice.recipient.language if notice.recipient else ""
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def zone_of(notice: Notice) -> dt.tzinfo:
    return ZoneInfo(notice.recipient.timezone if notice.recipient else settings.TIME_ZONE)


def address_of(notice: Notice) -> str:
    if notice.recipient is None:
        return notice.address
    return str(Address(one_line(str(notice.recipient)), addr_spec=notice.recipient.email))


def written(notice: Notice) -> EmailMultiAlternatives:
    """Return the letter ready to send, without a connection."""
    with translation.override(language_of(notice)), timezone.override(zone_of(notice)):
        draft = letter_of(notice.kind).compose(notice)
        context = _context(notice, draft)
        text = render_to_string(f"mail/{notice.kind}.txt", context)
        html = render_to_string(f"mail/{notice.kind}.html", context).lstrip()
    message = EmailMultiAlternatives(
        subject=one_line(draft.subject),
        body=_tidy(text),
        to=[address_of(notice)],
        reply_to=[context["reply_to"]],
        headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    for part in draft.alternatives:
        message.attach_alternative(part.content, part.media_type)
    return message


def _context(notice: Notice, draft: Draft) -> dict[str, Any]:
    """What `mail/base.*` needs, and what the letter itself brings."""
    return {
        "subject": one_line(draft.subject),
        "language": language_of(notice),
        "recipient_name": str(notice.recipient or ""),
        "reply_to": draft.reply_to or settings.CONTACT_EMAIL,
        "site_url": settings.SITE_URL,
        **draft.context,
    }


def _tidy(text: str) -> str:
    """Template tags leave blank lines and spaces behind."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
