"""Marks the words somebody searched for, with the accents of the text kept; pure but for Django's escaping."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

WORD = re.compile(r"\w+", re.UNICODE)
SHORTEST, ENDING = 3, 3  # letters of a word that is marked; letters in which forms of a word may differ
UNDIVIDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})  # no mark to drop
BEFORE, LENGTH = 60, 240  # characters of a snippet


def fold(word: str) -> str:
    """Return the word without accents, in small letters."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(UNDIVIDED)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def highlighted(text: str, words: str) -> SafeString:
    """Return the text with each found word in <mark>."""
    stems = _stems(words)
    parts, last = [], 0
    for begin, end in _found(text, stems):
        parts += [escape(text[last:begin]), format_html("<mark>{}</mark>", text[begin:end])]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308 - every part is escaped


def snippet(text: str, words: str) -> SafeString:
    """Return what stands around the first found word, else the beginning."""
    plain = " ".join(text.split())
    first = next(_found(plain, _stems(words)), (0, 0))[0]
    begin = 0 if first <= BEFORE else plain.rfind(" ", 0, first - BEFORE) + 1
    end = len(plain) if len(plain) - begin <= LENGTH else plain.rfind(" ", begin, begin + LENGTH)
    cut = plain[begin : end if end > begin else begin + LENGTH]
    before, after = "… " if begin else "", " …" if begin + len(cut) < len(plain) else ""
    return format_html("{}{}{}", before, highlighted(cut, words), after)


@lru_cache(maxsize=100)  # asked for with each text of a page
def _stems(words: str) -> tuple[str, ...]:
    """Return the beginnings that all forms of the words share, roughly; what follows a minus is not looked for."""
    kept = re.sub(r"(^|\s)-\S+", " ", words)
    folded = [fold(word) for word in WORD.findall(kept)]
    kept_words = (word for word in folded if len(word) >= SHORTEST and word != "or")
    return tuple(word[: max(SHORTEST, len(word) - ENDING)] for word in kept_words)


def _found(text: str, stems: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for match in WORD.finditer(text):
        word = fold(match[0])
        if word.startswith(stems) and any(
            word.startswith(stem) and len(word) <= len(stem) + 2 * ENDING for stem in stems
        ):
            yield match.span()
