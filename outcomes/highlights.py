"""Marks the words somebody searched for, with the accents of the text kept; pure but for Django's escaping."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from html import escape
from itertools import chain

from django.utils.safestring import SafeString, mark_safe

WORD = re.compile(r"\w+", re.UNICODE)
SHORTEST, ENDING = 3, 3  # letters of a word that may have other forms; letters in which they may differ
LIKENESS = 0.6  # of a word's trigrams, which another has that is spelt nearly so: as PostgreSQL takes it
# What English passes over in a search, of one or two letters; other words so short are marked as they stand ("AI").
PASSED_OVER = set(re.findall(r"\w+", "a am an as at be by do he i if in is it me my no of on or s so t to up we"))
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


def highlighted(text: str, words: str, *, nearly: bool = False) -> SafeString:
    """Return the text with each found word in <mark>; `nearly` those that are spelt nearly so."""
    parts, last = [], 0
    for begin, end in _found(text, words, nearly=nearly):
        parts += [escape(text[last:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        last = end
    return mark_safe("".join([*parts, escape(text[last:])]))  # noqa: S308 - every part is escaped


def snippet(text: str, words: str, *, nearly: bool = False) -> SafeString:
    """Return what stands around the first found word, else the beginning."""
    plain = " ".join(text.split())
    first = next(_found(plain, words, nearly=nearly), (0, 0))[0]
    begin = 0 if first <= BEFORE else plain.rfind(" ", 0, first - BEFORE) + 1
    end = len(plain) if len(plain) - begin <= LENGTH else plain.rfind(" ", begin, begin + LENGTH)
    cut = plain[begin : end if end > begin else begin + LENGTH]
    before, after = "… " if begin else "", " …" if begin + len(cut) < len(plain) else ""
    return SafeString(f"{before}{highlighted(cut, words, nearly=nearly)}{after}")


def spellings(words: str) -> tuple[str, ...]:
    """For each word a regular expression of how its forms are written, with accents and capitals or without.

    It has no anchors: PostgreSQL writes them differently. What follows a minus is not looked for.
    """
    return tuple(_forms(word, _spelt) for word in _looked_for(words))


@lru_cache(maxsize=100)  # asked for with each text of a page
def _looked_for(words: str) -> tuple[str, ...]:
    """The words, each once, as they are folded."""
    kept = re.sub(r"(^|\s)-\S+", " ", words)
    folded = dict.fromkeys(fold(word) for word in WORD.findall(kept))
    return tuple(word for word in folded if word not in PASSED_OVER)


def _forms(word: str, spelt: Callable[[str], str]) -> str:
    if len(word) > LONGEST:
        return spelt(word[:LONGEST]) + r"\w*"
    if len(word) < SHORTEST:
        return spelt(word)
    return f"{spelt(word[: max(SHORTEST, len(word) - ENDING)])}\\w{{0,{2 * ENDING}}}"


@lru_cache(maxsize=100)
def _pattern(words: str) -> re.Pattern[str] | None:
    """What finds the words in a plain text: letters with all their accents would take twenty times as long to read."""
    known = [_forms(word, _joined) for word in _looked_for(words)]
    return re.compile(rf"\b(?:{'|'.join(known)})\b") if known else None


def _found(text: str, words: str, *, nearly: bool) -> Iterator[tuple[int, int]]:
    if nearly:
        wanted = [_trigrams(word) for word in _looked_for(words)]
        return (match.span() for match in WORD.finditer(text) if _is_like(fold(match[0]), wanted))
    pattern = _pattern(words)
    return (match.span() for match in pattern.finditer(_plain(text))) if pattern else iter(())


def _trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def _is_like(word: str, wanted: list[set[str]]) -> bool:
    own = _trigrams(word)
    return any(len(own & one) >= LIKENESS * len(one) for one in wanted)


def _plain(text: str) -> str:
    """The text letter for letter without accents and capitals; what is folded to two letters stays as it is."""
    return text.lower() if text.isascii() else text.translate(_singles())


@cache
def _singles() -> dict[int, str]:
    known = _letters().items()
    return {ord(letter): plain for plain, letters in known for letter in letters if len(plain) == 1}


def _joined(stem: str) -> str:
    """The letters; two may be written as one (ae as æ)."""
    letters = _letters()
    return "".join(f"(?:{part}|[{letters[part]}])" if len(part) > 1 else part for part in _parts(stem))


def _spelt(stem: str) -> str:
    """The letters, each with all that folds to it."""
    letters = _letters()
    return "".join(_either(part, letters) for part in _parts(stem))


def _parts(stem: str) -> list[str]:
    pairs = "|".join(pair for pair in _letters() if len(pair) > 1)
    return re.findall(f"{pairs}|.", stem)


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
