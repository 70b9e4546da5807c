"""Characters that no format can hold are taken out before anything is written; pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

# Control codes but tab and newline, byte order marks, lone surrogates, noncharacters, and codes that turn the
# direction of all that follows.
UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LAST_OF_LATIN_1, FIRST_DASH, LAST_CURRENCY, LAST_OF_FIRST_PLANE = 0xFF, 0x2010, 0x20BF, 0xFFFF
PLAIN_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")  # what the fonts of the PDF are known to draw


def clean(text: str) -> str:
    """Return the text without unfit characters and with plain line ends."""
    if text.isprintable():
        return text
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cleaned(value: Any) -> Any:
    """Return a tree of JSON values with every text clean; what is made of dataclasses becomes one."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item) for item in value]
    return cleaned(vars(value)) if hasattr(value, "__dataclass_fields__") else value


def family(character: str) -> str:
    """Letters belong to their script (LATIN, CJK, ARABIC), all else to its neighbours in the code table."""
    code = ord(character)
    if unicodedata.category(character).startswith("L"):
        return unicodedata.name(character, "UNNAMED").split()[0]
    return f"{code >> 8:X}" if code <= LAST_OF_FIRST_PLANE else f"{code >> 12:X}"


def is_plain(character: str) -> bool:
    """Letters of the three alphabets of the EU, Latin-1 and general punctuation."""
    code = ord(character)
    return code <= LAST_OF_LATIN_1 or FIRST_DASH <= code <= LAST_CURRENCY or family(character) in PLAIN_SCRIPTS


def in_words(character: str) -> str:
    """Name a character for an editor: "U+6F22 (CJK UNIFIED IDEOGRAPH-6F22)"."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'without a name')})"
