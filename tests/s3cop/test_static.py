"""What the style sheets, fonts and pictures promise."""

import hashlib
import re
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
PAIRS = [
    *product(["ink", "ink-2", "link"], ["paper", "surface", "surface-2", "brand-tint"]),
    ("on-brand", "brand"),
    ("ok", "ok-tint"),
    ("warn", "warn-tint"),
    ("bad", "bad-tint"),
    ("bad", "surface"),
    *product(["hx-public", "hx-business", "hx-academia", "hx-civil"], ["surface", "paper"]),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour token with its light and its dark value."""
    text = (STATIC / "css" / "tokens.css").read_text()
    found = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", text)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(text: str, ground: str, scheme: int) -> None:
    colours = tokens()
    assert contrast(colours[text][scheme], colours[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_borders_of_inputs_and_the_focus_stand_out(scheme: int) -> None:
    colours = tokens()
    assert contrast(colours["line-strong"][scheme], colours["surface"][scheme]) >= 3
    assert contrast(colours["focus"][scheme], colours["paper"][scheme]) >= 3


def found(pattern: str, paths: Iterable[Path]) -> set[str]:
    """What the pattern's group matches in any of the files."""
    return {name for path in paths for name in re.findall(pattern, path.read_text())}


def test_every_colour_and_size_used_is_a_token() -> None:
    sheets = list((STATIC / "css").glob("*.css"))
    assert found(r"var\((--[\w-]+)", sheets) - found(r"(--[\w-]+):", [STATIC / "css" / "tokens.css"]) == set()


def test_the_fonts_are_the_files_their_list_names() -> None:
    listed = dict(re.findall(r"`([\w-]+\.woff2)`.*`([0-9a-f]{64})`", (STATIC / "fonts" / "SOURCES.md").read_text()))
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "fonts").glob("*.woff2")}
    assert there == listed


def test_the_sprite_holds_the_icons_that_are_asked_for() -> None:
    sprite = found(r'<symbol id="([\w-]+)"', [STATIC / "img" / "icons.svg"])
    assert found(r'{% icon "([\w-]+)"', TEMPLATES.rglob("*.html")) == sprite


def test_every_static_file_that_a_template_names_exists() -> None:
    named = found(r"""{% static ['"]([^'"]+)['"]""", TEMPLATES.rglob("*.html"))
    assert {name for name in named if not (STATIC / name).is_file()} == set()


def test_nothing_is_loaded_from_another_site() -> None:
    text = "".join(path.read_text() for folder in ("css", "js") for path in (STATIC / folder).iterdir())
    assert re.findall(r"https?://(?!www\.w3\.org/)", text) == []
