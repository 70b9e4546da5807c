"""Markdown of editors as a plain tree for files: what `history.prose` makes of it, without HTML. Pure."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from history.prose import SCHEMES, reader

if TYPE_CHECKING:
    from markdown_it.token import Token

Node = dict[str, Any]

CONTAINERS = {
    "paragraph": "paragraph",
    "bullet_list": "bullets",
    "ordered_list": "numbers",
    "list_item": "item",
    "blockquote": "quote",
    "em": "em",
    "strong": "strong",
    "link": "link",
}


@lru_cache(maxsize=32)  # the blocks of a document, each of which search, print and Word read in turn
def to_tree(source: str) -> list[Node]:
    """Return nodes with `kind` and either `text` or `children`; a link also has `url`. To be read, not changed."""
    return _children(iter(reader().parse(source)))


def to_text(source: str) -> str:
    """Return the words without marks, one line for each paragraph."""
    lines = "".join(_text(node) for node in to_tree(source)).split("\n")
    return "\n".join(line for line in lines if line)


def _children(tokens: Iterator["Token"]) -> list[Node]:
    nodes: list[Node] = []
    for token in tokens:
        if token.nesting < 0:
            return nodes
        nodes += _nodes(token, tokens)
    return nodes


def _nodes(token: "Token", rest: Iterator["Token"]) -> Iterable[Node]:
    if token.type == "inline":
        return _children(iter(token.children or []))
    if token.type == "text":
        return [{"kind": "text", "text": token.content}] if token.content else []
    if token.type in {"softbreak", "hardbreak"}:
        return [{"kind": "text", "text": " "}] if token.type == "softbreak" else [{"kind": "break"}]
    node: Node = {"kind": CONTAINERS[token.type.removesuffix("_open")], "children": _children(rest)}
    return [node | {"url": _address(token)} if token.type == "link_open" else node]


def _address(token: "Token") -> str:
    url = str(token.attrGet("href") or "")
    return url if url.partition(":")[0].lower() in SCHEMES else ""


def _text(node: Node) -> str:
    if node["kind"] == "text":
        return str(node["text"])
    inner = "".join(_text(child) for child in node.get("children", ()))
    return inner + ("\n" if node["kind"] in {"paragraph", "break", "item"} else "")
