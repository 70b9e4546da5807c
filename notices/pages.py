"""Writes the text and the HTML of letters. What many have in common is rendered once, and each gets its own words in.

Two letters share a rendering only if all that goes into it is equal: templates, language, zone and context. The words
of one letter are never part of it: where they belong stand marks, which nobody can guess and no data can hold.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

# Of signs that no font has (Unicode's private use area), so that a part of a mark is recognised, too.
NONCE = "".join(chr(0xE000 + byte) for byte in secrets.token_bytes(16))
REST = re.compile("[\ue000-\uf8ff]")
PLAIN = (str, int, bool, type(None))  # and nothing derived from them: a SafeString equals a str that is escaped


def rendered(kind: str, common: Mapping[str, Any], own: Mapping[str, str]) -> tuple[str, str]:
    """Return text and HTML of a letter in the active language and zone.

    `own` are the words of this letter alone, like a name or a signed link, in one line. Templates may print them and
    ask whether they are empty, nothing else.
    """
    essence = _essence(common)
    outline = None if essence is None else _outline(_question(kind, common, own, essence))
    if outline is None:
        text, html = alone(kind, {**common, **own})
        return text, html.lstrip()
    return _filled(outline[0], own), _filled(outline[1], {name: escape(word) for name, word in own.items()})


def alone(kind: str, context: Mapping[str, Any]) -> tuple[str, SafeString]:
    """Return text and HTML, sharing nothing."""
    text, html = _templates(kind)
    return _tidy(text.render(dict(context))), html.render(dict(context))


def _templates(kind: str) -> tuple[Any, Any]:
    return get_template(f"mail/{kind}.txt"), get_template(f"mail/{kind}.html")


def _tidy(text: str) -> str:
    """Template tags leave blank lines and spaces behind."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


# -- in common -------------------------------------------------------------------------------------------------------
Pieces = list[str]  # text, the name of an own word, text, ...


@dataclass(frozen=True)
class _Question:
    """All that a rendering depends on; of the context its essence, which can be compared."""

    kind: str
    templates: tuple[object, ...]
    place: tuple[str | None, str]
    essence: object
    has: tuple[tuple[str, bool], ...]
    common: Mapping[str, Any] = field(compare=False)


def _question(kind: str, common: Mapping[str, Any], own: Mapping[str, str], essence: object) -> _Question:
    templates = tuple(each.template for each in _templates(kind))
    place = (get_language(), get_current_timezone_name())
    return _Question(kind, templates, place, essence, tuple((name, bool(own[name])) for name in own), common)


@lru_cache(maxsize=256)
def _outline(question: _Question) -> tuple[Pieces, Pieces] | None:
    """Return text and HTML in pieces; None if a template did more with a mark than print it, or data look like one."""
    marks = {name: f"{NONCE}{name}{NONCE}" if has else "" for name, has in question.has}
    mark = re.compile(f"{NONCE}({'|'.join(marks)}){NONCE}")
    text, html = (mark.split(part.lstrip()) for part in alone(question.kind, {**question.common, **marks}))
    whole = not any(REST.search(piece) for piece in (*text[::2], *html[::2]))
    return (text, html) if whole else None


def _filled(pieces: Pieces, own: Mapping[str, str]) -> str:
    return "".join([own[piece] if number % 2 else piece for number, piece in enumerate(pieces)])


def _essence(value: Any) -> Any:
    """Return what makes two contexts equal; None where that cannot be said of a value in them, as of a record."""
    if type(value) in PLAIN:
        return type(value), value
    if isinstance(value, Mapping):
        return _all_of(value, [(key, _essence(each)) for key, each in value.items()])
    if isinstance(value, tuple | list):
        return _all_of(value, [("", _essence(each)) for each in value])
    return None


def _all_of(value: Any, essences: list[tuple[Any, Any]]) -> Any:
    return None if any(essence is None for _, essence in essences) else (type(value), *essences)
