"""What editors paste and no publication may hold: pictures from elsewhere, tags and scripts, links that run. Pure.

It is taken out when the text is saved, and the editor is told; what is shown is sanitised once more (`history.prose`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from history.prose import SCHEMES

Kind = Literal["picture", "script", "tag", "link"]
LONGEST = 80  # characters of what was removed, as told
INSIDE = r"((?:[^()\n]|\([^()\n]*\))*)"  # of round brackets, which may hold another pair
SCRIPT = re.compile(r"<(script|style|iframe|object|svg)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>", re.DOTALL)
PICTURE = re.compile(rf"!\[([^\]\n]*)\]\({INSIDE}\)")
LINK = re.compile(rf"\[([^\]\n]*)\]\({INSIDE}\)")
SCHEME = re.compile(r"\s*<?([A-Za-z][A-Za-z0-9+.-]*):")


@dataclass(frozen=True)
class Removed:
    """One thing that was taken out, cut to what tells it apart."""

    kind: Kind
    what: str


def tidied(source: str) -> tuple[str, list[Removed]]:
    """Return the text without what may not stand in it, and what that was, in the order of the four kinds."""
    removed: list[Removed] = []

    def drop(kind: Kind, kept: int | None = None) -> Callable[[re.Match[str]], str]:
        def replaced(match: re.Match[str]) -> str:
            removed.append(Removed(kind, match.group()[:LONGEST]))
            return match.group(kept) if kept else ""

        return replaced

    text = SCRIPT.sub(drop("script"), source)
    text = TAG.sub(drop("tag"), text)
    text = PICTURE.sub(drop("picture", 1), text)
    dropped = drop("link", 1)
    text = LINK.sub(lambda match: match.group() if _leads_on(match.group(2)) else dropped(match), text)
    return text, removed


def _leads_on(address: str) -> bool:
    """To a page or a mailbox; an address without a scheme leads to a page of the site."""
    scheme = SCHEME.match(address)
    return scheme is None or scheme.group(1).lower() in SCHEMES
