"""What axe finds on a page. The contrast of a look is measured once: most texts look like one that has passed. Of the
targets, those are measured that may be too small and too near to another.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a scheme can change
SIZE = "target-size"
RUN = {"preload": False, "iframes": False, "elementRef": True}
STRUCTURE = RUN | {
    "runOnly": TAGS,
    "rules": {rule: {"enabled": False} for rule in (*COLOURS, SIZE)},
    "resultTypes": ["violations"],
}
SCRIPTS = "\n".join(
    [Axe().axe_script, *(Path(__file__).with_name(name).read_text() for name in ("looks.js", "targets.js"))]
)
BROKEN = "found.violations.map(rule => [rule.id, rule.nodes.slice(0, 3).map(node => node.target.join(' '))])"
FIND = f"""options => axe.run(document, options).then(found => (
  {{broken: {BROKEN}, looks: looks.all(), doubtful: targets.all()}}))"""
FIND_THERE = f"""([numbers, doubtful, options]) => axe.run(
  {{include: [...looks.pick(numbers), ...(doubtful ? targets.pick() : [])]}}, options).then(found => ({{
    broken: {BROKEN},
    passed: found.passes.filter(rule => rule.id === "color-contrast").flatMap(rule => rule.nodes)
      .map(node => [looks.number(node.element), node.any.some(check => check.data?.bgColor)]),
  }}))"""


def there(*rules: str) -> dict[str, Any]:
    return RUN | {"runOnly": {"type": "rule", "values": rules}, "resultTypes": ["violations", "passes"]}


@dataclass
class Barriers:
    """Finds what bars readers; remembers the looks that passed, in a book that all processes of a run share."""

    book: Path
    passed: set[bytes] = field(default_factory=set)
    read: int = 0  # bytes of the book

    def on(self, page: Page) -> list[Any]:
        """Return [], or for each violated rule its name and the first places."""
        self._load(page)
        found = page.evaluate(FIND, STRUCTURE)
        return [*found["broken"], *self._there(page, found["looks"], doubtful=found["doubtful"])]

    def of_colour_on(self, page: Page) -> list[Any]:
        """Return the same of the rules about colours."""
        self._load(page)
        return self._there(page, page.evaluate("looks.all()"))

    def _load(self, page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(SCRIPTS)

    def _there(self, page: Page, looks: list[str], *, doubtful: int = 0) -> list[Any]:
        """Return the violations in colours of new looks and in sizes of doubtful targets."""
        self._read()
        new = [number for number, look in enumerate(looks) if mark(look) not in self.passed]
        if not new and not doubtful:
            return []
        rules = [*(COLOURS if new else []), *([SIZE] if doubtful else [])]
        found = page.evaluate(FIND_THERE, [new, doubtful, there(*rules)])
        self._write({mark(looks[number]) for number, seen in found["passed"] if _is_proven(looks, number, seen)})
        broken: list[Any] = found["broken"]
        return broken

    def _read(self) -> None:
        """Learn what passed elsewhere; a line that is half written says nothing, and its look is measured again."""
        with self.book.open("ab+") as book:
            book.seek(self.read)
            new = book.read()
        self.read += len(new)
        self.passed |= set(new.split())

    def _write(self, marks: set[bytes]) -> None:
        self.passed |= marks
        with self.book.open("ab") as book:
            book.write(b"".join(mark + b"\n" for mark in marks))


def mark(look: str) -> bytes:
    return blake2b(look.encode(), digest_size=16).hexdigest().encode()


def _is_proven(looks: list[str], number: int, measured: bool) -> bool:
    """A text that axe could not see passes unmeasured: that says something of its very place alone."""
    return number >= 0 and (measured or looks[number].startswith("in "))
