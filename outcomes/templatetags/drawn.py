"""The repeated parts of the list of outcomes, drawn in one go: choices of a facet, tiles of the map.

A page has a hundred of them; as nodes of a template they would cost more than all the rest of it.
"""

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.template.base import Parser, Token
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.shelf import Facet, MapTile, Shelf
from outcomes.tilemap import SIZE
from people.models import Helix

register = template.Library()

CHOICE = '<label class="check"><input type="checkbox" name="{}" value="{}"{}><span{}>{}</span><span class="n">'
RESULTS = '<span class="sr"> {}</span></span></label>\n'
GROUND = (
    f'<rect x="{{}}" y="{{}}" width="{SIZE}" height="{SIZE}"/><text class="code" x="{{}}" y="{{}}">{{}}</text> '
    '<text class="n" x="{}" y="{}">'
)
LINK = '<a href="?{}" class="m{}{}" aria-label="{} {}, {}"{}>{}{}</text></a>\n'
PLAIN = '<g class="m0" aria-hidden="true">{}{}</text></g>\n'
NOTHING, CHECKED, CURRENT = SafeString(), SafeString(" checked"), SafeString(' aria-current="true"')


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
def choices(facet: Facet) -> SafeString:
    """Draw a checkbox for each choice, with how many results it would show."""
    end, language = format_html(RESULTS, _("results")), get_language()
    drawn = (f"{_choice(facet.name, one.value, one.label, one.chosen, language)}{one.n}" for one in facet.choices)
    return SafeString("".join(f"{choice}{end}" for choice in drawn))


@lru_cache(maxsize=1000)
def _choice(name: str, value: str, label: str, chosen: bool, language: str | None) -> SafeString:  # noqa: FBT001 - kept by it
    """What is the same of a choice however many it would show; languages are told by their own names."""
    attribute, words = format_html(' lang="{}"', value) if name == "language" else NOTHING, label
    if name == "helix" and value in Helix.values:
        words = _mark(value, language)
    return format_html(CHOICE, name, value, CHECKED if chosen else NOTHING, attribute, words)


@lru_cache(maxsize=100)
def _mark(value: str, _language: str | None) -> SafeString:
    """The shape and the name of a helix."""
    return render_to_string("outcomes/_helix.html", {"value": value})


@register.simple_tag
def map_tiles(tiles: Iterable[MapTile]) -> SafeString:
    """Draw the tiles of the map; one that leads somewhere is a link and says its country's name."""
    return format_html_join("", "{}", ((_tile(tile),) for tile in tiles))


def _tile(entry: MapTile) -> SafeString:
    tile = entry.tile
    number = tile.n if tile.n or tile.chosen else "–"
    ground = _ground(tile.code, (tile.x, tile.y, tile.middle, tile.code_at), (tile.middle, tile.number_at))
    if not entry.query:
        return format_html(PLAIN, ground, number)
    chosen, current = (" chosen", CURRENT) if tile.chosen else ("", NOTHING)
    return format_html(LINK, entry.query, tile.shade, chosen, tile.code, tile.n, entry.name, current, ground, number)


@lru_cache(maxsize=100)
def _ground(code: str, places: tuple[int, ...], number_at: tuple[int, int]) -> SafeString:
    """What is the same of a country’s tile whatever is found."""
    return format_html(GROUND, *places, code, *number_at)
