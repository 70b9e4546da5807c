"""The picture that stands beside a shared link: title, kind and groups in the portal's look, as PNG of 1200 x 630."""

import hashlib
import os
import textwrap
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
PAPER, INK, FAINT, BRAND = "#faf8f3", "#17222c", "#4a5560", "#0a5268"
FONTS = Path(__file__).parent / "typst" / "fonts"
REGULAR, STRONG = "SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf"
DESIGN = 2  # raised when the look changes, so that kept pictures are drawn anew
LONGEST = 5  # lines of the title


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
    size = 62 if len(title) < 90 else 48  # noqa: PLR2004 - what fits in five lines
    columns = 34 if size == 62 else 44  # noqa: PLR2004 - as above
    lines = textwrap.wrap(title, columns, max_lines=LONGEST, placeholder=" …")
    pen.multiline_text((MARGIN, 130), "\n".join(lines), font=_font(size, STRONG), fill=INK, spacing=14)
    pen.text(
        (MARGIN, HEIGHT - 140), textwrap.shorten(groups, 80, placeholder=" …"), font=_font(30, REGULAR), fill=FAINT
    )
    pen.text((MARGIN, HEIGHT - 90), site, font=_font(30, STRONG), fill=INK)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _font(size: int, file: str) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / file), size)
