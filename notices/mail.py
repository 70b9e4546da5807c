"""Turns a notice into a message: in the recipient's language and zone, text and HTML, one recipient."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from history.paths import path
from notices import pages
from notices.letters import Draft, letter_of
from notices.models import LetterClass, Notice
from notices.tokens import unsubscribe_url

PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9.-]+")
HEADING = re.compile(r"<(/?)h([12])>")


def message_id(notice: Notice) -> str:
    """The same for each try of the same letter, so that mailboxes fold a letter that came twice."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{host}>"


def one_line(text: str) -> str:
    """Headers hold no line breaks: Django refuses them, and rightly so."""
    return " ".join(text.split())


def language_of(notice: Notice) -> str:
    """Only languages the portal speaks: else the dates would be Greek and the sentences English."""
    wanted = notice.recipient.language if notice.recipient else notice.payload.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def zone_of(notice: Notice) -> dt.tzinfo:
    return ZoneInfo(notice.recipient.timezone if notice.recipient else settings.TIME_ZONE)


def mailbox_of(notice: Notice) -> str:
    """Return the address as servers are told it."""
    return notice.recipient.email if notice.recipient else notice.address


def address_of(notice: Notice) -> str:
    if notice.recipient is None:
        return notice.address
    name, email = one_line(str(notice.recipient)), notice.recipient.email
    if PLAIN.fullmatch(email):  # nothing to take apart by all the rules of RFC 5322
        return str(Address(name, *email.split("@")))
    return str(Address(name, addr_spec=email))


@dataclass(frozen=True)
class Entry:
    """A letter as a part of a digest: without greeting and footer."""

    subject: str
    text: str
    html: SafeString
    letter_class: LetterClass | None


def is_optional(notice: Notice) -> bool:
    """Only a person with an account can choose, and only letters that are not essential."""
    return notice.recipient is not None and not letter_of(notice.kind).essential


@contextmanager
def as_read(notice: Notice) -> Iterator[None]:
    """Within, sentences and times are those of the recipient."""
    with translation.override(language_of(notice)), timezone.override(zone_of(notice)):
        yield


def written(
    notice: Notice, draft: Draft | None = None, *, half_way: Callable[[], None] = lambda: None
) -> EmailMultiAlternatives:
    """Return the letter ready to send, without a connection; a draft given takes the place of the kind's own.

    `half_way` is called when the letter is composed, but has no words yet.
    """
    with as_read(notice):
        draft = draft or letter_of(notice.kind).compose(notice)
        half_way()
        common, own = _common(notice, draft), _own(notice, draft)
        text, html = pages.rendered(notice.kind, common, own)
    message = EmailMultiAlternatives(
        subject=common["subject"],
        body=text,
        to=[address_of(notice)],
        reply_to=[common["reply_to"]],
        headers=_headers(notice, _unsubscribe_url(notice, draft)),
    )
    message.attach_alternative(html, "text/html")
    for part in draft.alternatives:
        message.attach_alternative(part.content, part.media_type)
    return message


def entry(notice: Notice) -> Entry:
    """Return what the letter adds to a digest."""
    letter = letter_of(notice.kind)
    with as_read(notice):
        draft = letter.compose(notice)
        text, html = pages.alone(notice.kind, _common(notice, draft) | _own(notice, draft) | {"is_part": True})
    return Entry(one_line(draft.subject), text.strip(), _lowered(html), letter.letter_class)


def _lowered(html: SafeString) -> SafeString:
    """Put a letter's headings below the one it has in the digest. Only templates write tags: data are escaped."""
    return SafeString(HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 2}>", html))


def _headers(notice: Notice, unsubscribe_url: str) -> dict[str, str]:
    headers = {"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"}
    if unsubscribe_url:  # RFC 8058: mail programs show a button of their own
        headers |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return headers


def _common(notice: Notice, draft: Draft) -> dict[str, Any]:
    """What `mail/base.*` needs, and what the letter itself brings, but for the reader's own words."""
    has_account = notice.recipient is not None
    return {
        "subject": one_line(draft.subject),
        "language": language_of(notice),
        "reply_to": draft.reply_to or settings.CONTACT_EMAIL,
        "site_url": settings.SITE_URL,
        "is_part": False,
        "letters_url": settings.SITE_URL + path("notices:preferences") if has_account else "",
        **draft.context,
    }


def _own(notice: Notice, draft: Draft) -> dict[str, str]:
    """The words that stand in no other letter; none that the letter itself has for all."""
    own = {"recipient_name": str(notice.recipient or ""), "unsubscribe_url": _unsubscribe_url(notice, draft)}
    return {name: one_line(word) for name, word in (own | dict(draft.own)).items() if name not in draft.context}


def _unsubscribe_url(notice: Notice, draft: Draft) -> str:
    """The link that ends letters of this class to this person; none in essential letters."""
    if notice.recipient is None:
        return draft.leave_url
    if not is_optional(notice):
        return ""
    own = letter_of(notice.kind).letter_class
    classes = draft.classes or ((own,) if own else ())
    return unsubscribe_url(notice.recipient, classes) if classes else ""
