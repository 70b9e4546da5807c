"""The repeated parts of the list of outcomes, drawn in one go: cards, choices of a facet, tiles of the map.

A page has a hundred of them; as nodes of a template they would cost more than all the rest of it.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

from django import template
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.doi import doi_address
from outcomes.listed import Card
from outcomes.shelf import Facet, MapTile, Shelf
from outcomes.tilemap import SIZE
from people.models import Helix

register = template.Library()
register.filter(doi_address)

# Kind and groups, title, abstract, where only the article has what was searched a piece of it; when, what it rests on.
CARD = """<li class="card">
  <div class="meta"><span class="tag tag-brand">{}</span><span class="muted">{}</span></div>
  <h3{}><a href="{}">{}</a></h3>
  <p>{}</p>
  {}<footer><span><time datetime="{}">{}</time>{}</span>{}</footer>
</li>
"""
EXCERPT = '<p class="small muted"{}>… {} …</p>'
CHOICE = '<label class="check"><input type="checkbox" name="{}" value="{}"{}><span{}>{}</span><span class="n">'
FACET = """<details{}>
  <summary>{}</summary>
  <fieldset>
    <legend class="sr">{}</legend>
    <div class="checks">{}</div>
  </fieldset>
</details>
"""
OPEN = 3  # facets that are open at first
RESULTS = '<span class="sr"> {}</span></span></label>\n'
GROUND = (
    f'<rect x="{{}}" y="{{}}" width="{SIZE}" height="{SIZE}"/><text class="code" x="{{}}" y="{{}}">{{}}</text> '
    '<text class="n" x="{}" y="{}">'
)
LINK = '<a href="?{}" class="m{}{}" aria-label="{} {}, {}"{}>{}{}</text></a>\n'
PLAIN = '<g class="m0" aria-hidden="true">{}{}</text></g>\n'
NOTHING, CHECKED = SafeString(), SafeString(" checked")


class Kept(template.Node):
    """Draws its content once for each stock and language, where the reader did not filter."""

    def __init__(self, nodelist: template.NodeList, shelf: template.Variable, name: str) -> None:
        self.nodelist, self.shelf, self.name = nodelist, shelf, name

    def render(self, context: template.Context) -> SafeString:
        shelf: Shelf = self.shelf.resolve(context)
        if not shelf.is_plain:
            return self.nodelist.render(context)
        key = (self.name, get_language())
        if key not in shelf.stock.drawn:
            shelf.stock.drawn[key] = self.nodelist.render(context)
        return shelf.stock.drawn[key]


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """{% kept shelf "name" %} … {% endkept %}: for what depends on the shelf alone."""
    _tag, shelf, name = token.split_contents()
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    return Kept(nodelist, template.Variable(shelf), name.strip('"'))


@register.simple_tag
def cards(listed: Iterable[Card]) -> SafeString:
    """Draw editions in print as the items of a list."""
    return SafeString("".join(map(_card, listed)))


def _card(card: Card) -> str:
    lang = "" if card.language == "en" else f' lang="{escape(card.language)}"'
    excerpt = card.excerpt
    return CARD.format(
        escape(card.kind), escape(card.groups), lang, escape(card.address), card.marked_title, card.marked_abstract,
        EXCERPT.format(lang, excerpt) if excerpt else "", card.at, escape(card.day),
        _edition(card.version) if card.version > 1 else "",
        f"<span>{escape(card.rests_on)}</span>" if card.rests_on else "",
    )  # fmt: skip


def _edition(version: int) -> str:
    return " · " + escape(_("edition %(version)s") % {"version": version})


@register.simple_tag
def facets(shown: Sequence[Facet]) -> SafeString:
    """Draw what there is to choose, the first ones open: a checkbox for each value, with how many it would show."""
    end = RESULTS.format(escape(_("results")))
    drawn = ((facet, place < OPEN or facet.is_open) for place, facet in enumerate(shown) if facet.is_useful)
    return SafeString("".join(_facet(facet, " open" if is_open else "", end) for facet, is_open in drawn))


def _facet(facet: Facet, is_open: str, end: str) -> str:
    language, label = get_language(), escape(facet.label)
    drawn = (f"{_choice(facet.name, one.value, one.label, one.chosen, language)}{one.n}{end}" for one in facet.choices)
    return FACET.format(is_open, label, label, "".join(drawn))


@lru_cache(maxsize=1000)
def _choice(name: str, value: str, label: str, chosen: bool, language: str | None) -> SafeString:  # noqa: FBT001 - kept by it
    """What is the same of a choice however many it would show; languages are told by their own names."""
    attribute, words = NOTHING, label
    if name == "language":
        attribute, words = format_html(' lang="{}"', value), capfirst(label)
    if name == "helix" and value in Helix.values:
        words = _mark(value, language)
    return format_html(CHOICE, name, value, CHECKED if chosen else NOTHING, attribute, words)


@lru_cache(maxsize=100)
def _mark(value: str, _language: str | None) -> SafeString:
    """The shape and the name of a helix."""
    return render_to_string("parts/helix_mark.html", {"value": value})


@register.simple_tag
def map_tiles(tiles: Iterable[MapTile]) -> SafeString:
    """Draw the tiles of the map; one that leads somewhere is a link and says its country's name."""
    return SafeString("".join(map(_tile, tiles)))


def _tile(entry: MapTile) -> str:
    tile = entry.tile
    number = tile.n if tile.n or tile.chosen else "–"
    ground = _ground(tile.code, (tile.x, tile.y, tile.middle, tile.code_at), (tile.middle, tile.number_at))
    if not entry.query:
        return PLAIN.format(ground, number)
    chosen, current = (" chosen", ' aria-current="true"') if tile.chosen else ("", "")
    query, name = escape(entry.query), escape(entry.name)
    return LINK.format(query, tile.shade, chosen, tile.code, tile.n, name, current, ground, number)


@lru_cache(maxsize=100)
def _ground(code: str, places: tuple[int, ...], number_at: tuple[int, int]) -> str:
    """What is the same of a country’s tile whatever is found."""
    return GROUND.format(*places, code, *number_at)
