"""Markdown that people type, as sanitised HTML. Pure.

Neither pictures nor HTML, so that nothing is loaded from elsewhere. Short texts have no headings, since the page's own
stay in order; articles have them, below the page's second level, and tables.
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

INLINE = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "hr"}
ARTICLE = INLINE | {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
SCHEMES = {"http", "https", "mailto"}
PLAIN = ["image", "html_block", "html_inline", "code", "fence", "backticks", "reference"]
HEADINGS = ["heading", "lheading"]
FIRST_LEVEL, LAST_LEVEL = 3, 6


@cache
def reader() -> "MarkdownIt":
    """Return what reads short texts."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable([*PLAIN, *HEADINGS, "hr"])


@cache
def article_reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(PLAIN)


def to_html(source: str) -> str:
    """Return sanitised HTML without headings."""
    return _clean(reader().render(source), INLINE)


def to_article(source: str) -> str:
    """Return sanitised HTML with headings from h3 on ("#" and "##" both give h3) and tables."""
    tokens = article_reader().parse(source)
    for token in tokens:
        _lower(token)
    return _clean(article_reader().renderer.render(tokens, article_reader().options, {}), ARTICLE)


def _clean(html: str, tags: set[str]) -> str:
    import nh3

    return nh3.clean(html, tags=tags, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()


def _lower(token: "Token") -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(max(int(token.tag[1]) + 1, FIRST_LEVEL), LAST_LEVEL)}"
