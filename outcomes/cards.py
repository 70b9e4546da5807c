"""The picture that stands beside a shared link: title, kind and groups in the portal's look, as PNG of 1200 x 630."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings

from outcomes.characters import is_plain

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
PAPER, INK, FAINT, BRAND = "#faf8f3", "#17222c", "#4a5560", "#0a5268"
FONTS = Path(__file__).parent / "typst" / "fonts"
REGULAR, STRONG = "SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf"
DESIGN = 3  # raised when the look changes, so that kept pictures are drawn anew
LARGE, SMALL = 62, 48  # of the title
LONGEST = 5  # lines of the title; so many of the small ones have room


def card(title: str, kind: str, groups: Sequence[str], site: str) -> bytes:
    """Return the picture; kept in MEDIA_ROOT under the hash of what it says."""
    said = "\0".join([str(DESIGN), title, kind, *groups, site])
    name = hashlib.sha256(said.encode()).hexdigest()
    place = Path(settings.MEDIA_ROOT) / "cards" / name[:2] / f"{name}.png"
    try:
        return place.read_bytes()
    except FileNotFoundError:
        drawn = _draw(title, kind, ", ".join(groups), site)
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(f".{os.getpid()}")
    new.write_bytes(drawn)
    new.rename(place)  # whoever else drew it drew the same
    return drawn


def _draw(title: str, kind: str, groups: str, site: str) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, WIDTH, 16), fill=BRAND)
    pen.text((MARGIN, 70), kind, font=_font(32, STRONG), fill=BRAND)
    size, lines = _title(title)
    pen.multiline_text((MARGIN, 130), "\n".join(lines), font=_font(size, STRONG), fill=INK, spacing=14)
    small = _font(30, REGULAR)
    pen.text((MARGIN, HEIGHT - 140), _wrapped(groups, small, 1)[0], font=small, fill=FAINT)
    pen.text((MARGIN, HEIGHT - 90), site, font=_font(30, STRONG), fill=INK)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _title(title: str) -> tuple[int, list[str]]:
    """Size and lines: large where it is short."""
    large = _wrapped(title, _font(LARGE, STRONG), LONGEST)
    return (LARGE, large) if len(large) < LONGEST else (SMALL, _wrapped(title, _font(SMALL, STRONG), LONGEST))


def _wrapped(text: str, font: Any, most: int) -> list[str]:
    """One to so many lines, none wider than the picture; without what the font cannot draw (emoji, other scripts)."""

    def fits(line: str) -> bool:
        return bool(font.getlength(line) <= WIDTH - 2 * MARGIN)

    drawn = "".join(sign if is_plain(sign) else " " for sign in text)
    lines = [""]
    for piece in chain.from_iterable(_pieces(word, fits) for word in drawn.split()):
        longer = f"{lines[-1]} {piece}".strip()
        lines = [*lines[:-1], longer] if fits(longer) else [*lines, piece]
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while not fits(f"{last} …"):
        last = last[:-1]
    return [*lines[: most - 1], f"{last} …"]


def _pieces(word: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The word; one that is wider than a line in parts that fill one each."""
    while word:
        end = len(word)
        while end > 1 and not fits(word[:end]):
            end -= 1
        yield word[:end]
        word = word[end:]


def _font(size: int, file: str) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / file), size)
