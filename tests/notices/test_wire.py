"""The bytes a mail server gets are those that Django would send."""

from email.headerregistry import Address
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError
from hypothesis import given, settings
from hypothesis import strategies as st

from notices import wire
from notices.mail import one_line

BOUNDARY = "=" * 70
SIGNS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
LINES = st.text(st.one_of(SIGNS, st.sampled_from(' .,;:<>"\\=?\n\r')), max_size=200)
LINE = LINES.map(one_line)
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120).map(one_line)
NAMES = st.one_of(LINE, ASCII, st.just(""))
DATE = {"Date": "Mon, 15 Jun 2026 08:00:00 -0000"}


def message(**values: Any) -> EmailMultiAlternatives:
    html, ics = values.pop("html", "<p>Καλημέρα</p>\n"), values.pop("ics", "")
    details = {"subject": "A letter", "body": "Good day\n", "to": ["anna@example.org"], "from_email": "s@example.org"}
    made = EmailMultiAlternatives(**(details | {"headers": {"Message-ID": "<1@example.org>"} | DATE} | values))
    made.attach_alternative(html, "text/html")
    if ics:
        made.attach_alternative(ics, "text/calendar; method=REQUEST")
    return made


def as_django(made: EmailMultiAlternatives) -> bytes:
    whole: Any = made.message()
    whole.set_boundary(BOUNDARY)
    return bytes(whole.as_bytes(linesep="\r\n"))


@settings(max_examples=75, deadline=None, derandomize=True)
@given(subject=st.one_of(LINE, ASCII), name=NAMES, body=LINES, html=LINES, ics=LINES, link=ASCII)
def test_to_the_byte_as_django_writes_it(subject: str, name: str, body: str, html: str, ics: str, link: str) -> None:
    made = message(
        subject=f"S {subject}",
        to=[str(Address(name, addr_spec="anna@example.org"))],
        reply_to=["club@example.org"],
        body=f"B{body}",
        html=html,
        ics=ics,
        headers=DATE | {"Message-ID": "<1@example.org>", "List-Unsubscribe": f"<https://example.org/{link}>"},
    )
    assert wire.content_of(made, BOUNDARY) == as_django(made)


@pytest.mark.parametrize("values", [{"body": ""}, {"subject": ""}, {"body": "x" * 999}, {"html": "ß" * 500}])
def test_what_is_out_of_the_ordinary_is_left_to_django(values: dict[str, str]) -> None:
    made = message(**values)
    parts = [part.get_payload(decode=True) for part in made.message().walk()]
    content = wire.content_of(made)
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert as_django(made).count(b"\r\n") == content.count(b"\r\n")
    assert len(parts) == content.count(b"Content-Type")


def test_a_header_of_two_lines_is_refused() -> None:
    with pytest.raises(BadHeaderError):
        wire.content_of(message(subject="A\nBcc: all@example.org"))


def test_no_two_letters_have_the_same_boundary() -> None:
    made = message()
    assert wire.content_of(made) != wire.content_of(made)


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("anna@example.org", "anna@example.org"),
        ('"Anna, the <chair>" <anna@example.org>', "anna@example.org"),
        ("Ελένη <eleni@παράδειγμα.example>", "eleni@xn--hxajbheg2az3al.example"),
    ],
)
def test_servers_are_told_the_bare_address(address: str, bare: str) -> None:
    assert wire.bare_address(address) == bare
