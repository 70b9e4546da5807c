"""Markdown that people type, as sanitised HTML. Pure.

Neither pictures nor HTML, so that nothing is loaded from elsewhere. Short texts have no headings, since the page's own
stay in order; articles have them, below the page's second level, and tables.
"""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

INLINE = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "hr"}
ARTICLE = INLINE | {"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"}
SCHEMES = {"http", "https", "mailto"}
PLAIN = ["image", "html_block", "html_inline", "code", "fence", "backticks", "reference"]
HEADINGS = ["heading", "lheading"]
FIRST_LEVEL, LAST_LEVEL = 3, 6

reader = MarkdownIt("commonmark", {"html": False}).disable([*PLAIN, *HEADINGS, "hr"])
article_reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(PLAIN)


def to_html(source: str) -> str:
    """Return sanitised HTML without headings."""
    return nh3.clean(reader.render(source), tags=INLINE, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()


def to_article(source: str) -> str:
    """Return sanitised HTML with headings from h3 on ("#" and "##" both give h3) and tables."""
    tokens = article_reader.parse(source)
    for token in tokens:
        _lower(token)
    html = article_reader.renderer.render(tokens, article_reader.options, {})
    return nh3.clean(html, tags=ARTICLE, attributes={"a": {"href"}}, url_schemes=SCHEMES).strip()


def _lower(token: Token) -> None:
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(max(int(token.tag[1]) + 1, FIRST_LEVEL), LAST_LEVEL)}"
