"""A letter as a mail server gets it: to the byte what Django makes of it, in a fifth of the time."""

import re
import secrets
from email.policy import compat32
from email.utils import formatdate, parseaddr
from functools import lru_cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import RFC5322_EMAIL_LINE_LENGTH_LIMIT, forbid_multi_line_headers, sanitize_address

CHARSET = "utf-8"
LINE_END = "\r\n"
LINE_ENDS = re.compile("\r\n|\r|\n")
FOLDS_AT = 78  # columns, with the header's name
POLICY = compat32.clone(linesep=LINE_END)


def content_of(message: EmailMultiAlternatives, boundary: str = "") -> bytes:
    """Return the message in bytes, lines ended by CRLF, given a boundary of its parts that no line of theirs is.

    What is out of the ordinary is left to Django: attachments, nothing to say, lines longer than SMTP allows.
    """
    parts = [(str(message.body), "text/plain"), *((str(part[0]), str(part[1])) for part in message.alternatives)]
    is_ordinary = message.subject and message.body and message.alternatives and not message.attachments
    if not is_ordinary or any(_has_long_lines(content) for content, _ in parts):
        written: bytes = message.message().as_bytes(linesep=LINE_END)  # type: ignore[call-arg]  # Django's own
        return written
    boundary = boundary or f"=={secrets.token_hex(24)}=="
    bodies = [f"--{boundary}{LINE_END}{_part(content, media_type)}" for content, media_type in parts]
    whole = [_head(message, boundary), LINE_END, LINE_END.join(bodies), f"{LINE_END}--{boundary}--{LINE_END}"]
    return "".join(whole).encode()


@lru_cache(maxsize=256)
def bare_address(address: str) -> str:
    """Return what SMTP is told of an address with or without a name; as Django does where it is not ASCII."""
    bare = parseaddr(address)[1]
    return bare if "@" in bare and address.isascii() else parseaddr(sanitize_address(address, CHARSET))[1]


def _has_long_lines(content: str) -> bool:
    """Is a line, written in UTF-8, longer than SMTP allows?"""
    candidates = [line for line in content.splitlines() if len(line) * 4 > RFC5322_EMAIL_LINE_LENGTH_LIMIT]
    return any(len(line.encode()) > RFC5322_EMAIL_LINE_LENGTH_LIMIT for line in candidates)


# -- the parts -------------------------------------------------------------------------------------------------------
def _part(content: str, media_type: str) -> str:
    bits = "7bit" if content.isascii() else "8bit"
    headers = [*_types(media_type), f"Content-Transfer-Encoding: {bits}"]
    return LINE_END.join([*headers, "", LINE_ENDS.sub(LINE_END, content)])


def _types(media_type: str) -> tuple[str, str]:
    """Parameters of a media type, like the method of a calendar, are quoted."""
    plain, _, parameter = media_type.partition("; ")
    if not parameter:
        return f'Content-Type: {plain}; charset="{CHARSET}"', "MIME-Version: 1.0"
    name, _, value = parameter.partition("=")
    return "MIME-Version: 1.0", f'Content-Type: {plain}; {name}="{value}"; charset="{CHARSET}"'


# -- the headers -----------------------------------------------------------------------------------------------------
def _head(message: EmailMultiAlternatives, boundary: str) -> str:
    fields = [
        ("Subject", str(message.subject)),
        ("From", message.from_email),
        ("To", ", ".join(message.to)),
        ("Reply-To", ", ".join(message.reply_to)),
        ("Date", message.extra_headers.get("Date") or formatdate(localtime=settings.EMAIL_USE_LOCALTIME)),
        *((name, str(value)) for name, value in message.extra_headers.items() if name != "Date"),
    ]
    start = f'Content-Type: multipart/alternative;{LINE_END} boundary="{boundary}"{LINE_END}MIME-Version: 1.0{LINE_END}'
    return start + "".join(_header(name, value) for name, value in fields if value)


def _header(name: str, value: str) -> str:
    """Return the header with its line end. Raises BadHeaderError where a value holds a line break."""
    is_simple = value.isascii() and value.isprintable() and value == " ".join(value.split())
    if is_simple and len(name) + 2 + len(value) < FOLDS_AT:
        return f"{name}: {value}{LINE_END}"
    return _folded(name, value)


@lru_cache(maxsize=256)
def _folded(name: str, value: str) -> str:
    return str(POLICY.fold(*forbid_multi_line_headers(name, value, CHARSET)))
