"""Marks the words somebody searched for, with the accents of the text kept; pure but for Django's escaping."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape
from itertools import chain

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WORD = re.compile(r"\w+", re.UNICODE)
SHORTEST, ENDING = 3, 3  # letters of a word that is marked; letters in which forms of a word may differ
LONGEST = 20  # letters of a word that are compared
UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})  # no mark to drop
# The letters of the Union's languages: Latin, Romanian commas, Greek, Cyrillic, Irish dots.
ALPHABETS = (range(0x41, 0x180), range(0x218, 0x21C), range(0x370, 0x400), range(0x400, 0x460), range(0x1E02, 0x1E6C))
BEFORE, LENGTH = 60, 240  # characters of a snippet


def fold(word: str) -> str:
    """Return the word without accents, in small letters."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(UNDIVIDED)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def highlighted(text: str, words: str) -> SafeString:
    """Return the text with each found word in <mark>."""
    parts, last = [], 0
    for begin, end in _found(text, words):
        parts += [escape(text[last:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308 - every part is escaped


def snippet(text: str, words: str) -> SafeString:
    """Return what stands around the first found word, else the beginning."""
    plain = " ".join(text.split())
    first = next(_found(plain, words), (0, 0))[0]
    begin = 0 if first <= BEFORE else plain.rfind(" ", 0, first - BEFORE) + 1
    end = len(plain) if len(plain) - begin <= LENGTH else plain.rfind(" ", begin, begin + LENGTH)
    cut = plain[begin : end if end > begin else begin + LENGTH]
    before, after = "… " if begin else "", " …" if begin + len(cut) < len(plain) else ""
    return format_html("{}{}{}", before, highlighted(cut, words), after)


@lru_cache(maxsize=100)  # asked for with each text of a page
def spellings(words: str) -> tuple[str, ...]:
    """For each word a regular expression of how its forms are written, with accents and capitals or without.

    It has no anchors, so that Python and PostgreSQL read it alike. What follows a minus is not looked for.
    """
    kept = re.sub(r"(^|\s)-\S+", " ", words)
    folded = dict.fromkeys(fold(word) for word in WORD.findall(kept))
    return tuple(_forms(word) for word in folded if len(word) >= SHORTEST and word != "or")


def _forms(word: str) -> str:
    if len(word) > LONGEST:
        return _spelt(word[:LONGEST]) + r"\w*"
    return f"{_spelt(word[: max(SHORTEST, len(word) - ENDING)])}\\w{{0,{2 * ENDING}}}"


@lru_cache(maxsize=100)
def _pattern(words: str) -> re.Pattern[str] | None:
    known = spellings(words)
    return re.compile(rf"\b(?:{'|'.join(known)})\b") if known else None


def _found(text: str, words: str) -> Iterator[tuple[int, int]]:
    pattern = _pattern(words)
    return (match.span() for match in pattern.finditer(text)) if pattern else iter(())


def _spelt(stem: str) -> str:
    """The letters, each with all that folds to it; two letters may be written as one (ae as æ)."""
    letters = _letters()
    pairs = "|".join(pair for pair in letters if len(pair) > 1)
    parts = re.findall(f"{pairs}|.", stem)
    return "".join(_either(part, letters) for part in parts)


def _either(part: str, letters: dict[str, str]) -> str:
    if len(part) == 1:
        return f"[{letters[part]}]" if part in letters else part
    apart = "".join(_either(letter, letters) for letter in part)
    return f"(?:{apart}|[{letters[part]}])"


@cache
def _letters() -> dict[str, str]:
    """Every letter of the alphabets by what it folds to."""
    found: dict[str, str] = {}
    for letter in map(chr, chain(*ALPHABETS)):
        plain = fold(letter)
        if letter.isalpha() and plain.isalpha():
            found[plain] = found.get(plain, "") + letter
    return found
