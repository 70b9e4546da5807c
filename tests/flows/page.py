"""Reads an HTML page the way a person does: links and buttons by their words, fields by their labels."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNSEEN = {"script", "style", "template", "title"}
Values = list[tuple[str, str]]


@dataclass
class Node:
    """An element with what stands inside it, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: "list[Node | str]" = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        return name in self.attributes

    def walk(self) -> "Iterator[Node]":
        yield self
        for part in self.inside:
            if isinstance(part, Node) and part.tag != "template":
                yield from part.walk()

    def all(self, *tags: str) -> "list[Node]":
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        """The words as read aloud, single spaces between them."""
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        for part in self.inside:
            if isinstance(part, str):
                yield part
            elif part.tag not in UNSEEN:
                yield from part._words()
                yield " " if part.tag not in {"a", "b", "em", "i", "span", "strong", "sup"} else ""


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the element; one that was never opened is a fault of the page."""
        if tag in VOID:
            return
        tags = [node.tag for node in self.open]
        if tag == "p" and tag not in tags:
            return
        while self.open[-1].tag != tag:
            self.open.pop()  # <li> and <p> may be left open
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parse(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    return builder.root


def only(found: list[Node], what: str, page: Node, choose: Callable[[Node], str]) -> Node:
    """Return the one element; a wrong number is told together with what the page has."""
    assert len(found) == 1, f"{len(found)} × {what}; the page has {sorted({choose(n) for n in page.walk()} - {''})}"
    return found[0]


def link(page: Node, words: str) -> Node:
    """Return the one link that begins with these words (or, several times, the same address)."""
    found = [node for node in page.all("a") if node.text.startswith(words) and node["href"]]
    unlike = list({node["href"]: node for node in found}.values())
    return only(unlike, f"link {words!r}", page, lambda node: node.text if node.tag == "a" else "")


def form_with(page: Node, words: str) -> tuple[Node, Node]:
    """Return the form and its button that begins with these words."""
    found = [(f, button) for f in page.all("form") for button in f.all("button") if button.text.startswith(words)]
    buttons = [button for _form, button in found]
    only(buttons, f"button {words!r}", page, lambda node: node.text if node.tag == "button" else "")
    return found[0]


def controls(form: Node) -> list[Node]:
    return [node for node in form.all("input", "select", "textarea") if node["name"] and not node.has("disabled")]


def labelled(form: Node, words: str) -> Node:
    """Return the one control whose label begins with these words."""
    found = []
    for label in form.all("label"):
        if label.text.startswith(words):
            found += [c for c in controls(form) if c["id"] and c["id"] == label["for"]] or controls(label)
    return only(found, f"field {words!r}", form, lambda node: node.text if node.tag == "label" else "")


def fill(control: Node, value: str | bool) -> None:
    """Write into a text field, choose an option by its words, tick or untick a box."""
    kind = control["type"]
    if kind in {"checkbox", "radio"}:
        control.attributes.pop("checked", None)
        control.attributes |= {"checked": ""} if value else {}
    elif control.tag == "select":
        option = [node for node in control.all("option") if str(value) in (node.text, node["value"])]
        only(option, f"option {value!r}", control, lambda node: node.text if node.tag == "option" else "")
        for node in control.all("option"):
            node.attributes.pop("selected", None)
        option[0].attributes["selected"] = ""
    elif control.tag == "textarea":
        control.inside = [str(value)]
    else:
        control.attributes["value"] = str(value)


def untick_others(form: Node, chosen: Node) -> None:
    """A radio button that goes on turns its neighbours off."""
    for node in controls(form):
        if node["type"] == "radio" and node["name"] == chosen["name"] and node is not chosen:
            node.attributes.pop("checked", None)


def values_of(form: Node, button: Node) -> Values:
    """Return what a browser would send when this button is pressed."""
    sent = [(control["name"], value) for control in controls(form) for value in sent_by(control)]
    return [*sent, (button["name"], button["value"])] if button["name"] else sent


def sent_by(control: Node) -> list[str]:
    if control.tag == "textarea":
        return ["".join(part for part in control.inside if isinstance(part, str))]
    if control.tag == "select":
        options = control.all("option")
        chosen = [node for node in options if node.has("selected")] or ([] if control.has("multiple") else options[:1])
        return [node["value"] if node.has("value") else node.text for node in chosen]
    if control["type"] in {"checkbox", "radio"}:
        return [control["value"] or "on"] if control.has("checked") else []
    return [] if control["type"] in {"submit", "button", "file"} else [control["value"]]
