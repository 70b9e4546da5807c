"""What axe finds on a page. The contrast of a look is measured once: most texts look like one that has passed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # all that a scheme can change
STRUCTURE = {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in COLOURS}, "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": COLOURS}, "resultTypes": ["violations", "passes"]}
SCRIPTS = "\n".join([Axe().axe_script, Path(__file__).with_name("looks.js").read_text()])
FIND = """([numbers, options]) => axe.run(numbers ? {include: looks.pick(numbers)} : document,
  {...options, preload: false, iframes: false, elementRef: true}).then(found => ({
    broken: found.violations.map(rule => [rule.id, rule.nodes.slice(0, 3).map(node => node.target.join(" "))]),
    passed: found.passes.filter(rule => rule.id === "color-contrast").flatMap(rule => rule.nodes)
      .map(node => [looks.number(node.element), node.any.some(check => check.data?.bgColor)]),
    looks: looks.all(),
  }))"""


@dataclass
class Barriers:
    """Finds what bars readers; remembers, as long as a process runs, the looks that passed."""

    passed: set[str] = field(default_factory=set)

    def on(self, page: Page) -> list[Any]:
        """Return [], or for each violated rule its name and the first places."""
        self._load(page)
        found = page.evaluate(FIND, [None, STRUCTURE])
        return [*found["broken"], *self._of_looks(page, found["looks"])]

    def of_colour_on(self, page: Page) -> list[Any]:
        """Return the same of the rules about colours."""
        self._load(page)
        return self._of_looks(page, page.evaluate("looks.all()"))

    def _load(self, page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(SCRIPTS)

    def _of_looks(self, page: Page, looks: list[str]) -> list[Any]:
        new = [number for number, look in enumerate(looks) if look not in self.passed]
        if not new:
            return []
        found = page.evaluate(FIND, [new, CONTRAST])
        self.passed |= {looks[number] for number, measured in found["passed"] if _is_proven(looks, number, measured)}
        broken: list[Any] = found["broken"]
        return broken


def _is_proven(looks: list[str], number: int, measured: bool) -> bool:
    """A text that axe could not see passes unmeasured: that says something of its very place alone."""
    return number >= 0 and (measured or looks[number].startswith("in "))
