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
RUN = {"preload": False, "iframes": False}
ASSISTANTS = ("looks.js", "targets.js", "barriers.js")
SCRIPTS = "\n".join([Axe().axe_script, *(Path(__file__).with_name(name).read_text() for name in ASSISTANTS)])
# As a script with an address: what the browser has compiled on one page it uses on the next.
SEE = """([address, isMeasured]) => new Promise((done, fail) => {
  if (globalThis.barriers?.find) return done();
  const script = Object.assign(document.createElement("script"), {src: address, onload: done, onerror: fail});
  document.head.append(script);
  script.remove();
}).then(() => ({looks: looks.all(), doubtful: isMeasured ? targets.all() : 0}))"""


def those(rules: list[str]) -> dict[str, Any]:
    return RUN | {"runOnly": {"type": "rule", "values": rules}}


def all_but(rules: list[str]) -> dict[str, Any]:
    return RUN | {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in rules}}


@dataclass
class Barriers:
    """Finds what bars readers, by the script at an address of the site; remembers the looks that passed, in a book that
    all processes of a run share.
    """

    book: Path
    script: str
    passed: set[bytes] = field(default_factory=set)
    read: int = 0  # bytes of the book

    def on(self, page: Page) -> list[Any]:
        """Return [], or for each violated rule its name and the first places."""
        page.wait_for_load_state("domcontentloaded")  # after a click the page may have no head yet
        seen = page.evaluate(SEE, [self.script, True])
        new = self._new(seen["looks"])
        needless = [*([] if new else COLOURS), *([] if seen["doubtful"] else [SIZE])]
        return self._find(page, seen["looks"], [new, seen["doubtful"], all_but(needless)])

    def of_colour_on(self, page: Page) -> list[Any]:
        """Return the same of the rules about colours."""
        looks = page.evaluate(SEE, [self.script, False])["looks"]
        new = self._new(looks)
        return self._find(page, looks, [new, 0, those(COLOURS)]) if new else []

    def _find(self, page: Page, looks: list[str], wanted: list[Any]) -> list[Any]:
        found = page.evaluate("wanted => barriers.find(wanted)", wanted)
        self._write({mark(looks[number]) for number, seen in found["passed"] if _is_proven(looks, number, seen)})
        broken: list[Any] = found["broken"]
        return broken

    def _new(self, looks: list[str]) -> list[int]:
        """Return the numbers of the looks that have to be measured."""
        self._read()
        return [number for number, look in enumerate(looks) if mark(look) not in self.passed]

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
