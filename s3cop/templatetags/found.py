"""The results of a search over everything, drawn in one go: as nodes of a template they cost more than the search."""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString

from s3cop.pages.search import KINDS, Hit

register = template.Library()

HIT = """<li class="stack stack-s">
  <p class="small"><span class="tag">{}</span></p>
  <h3><a href="{}">{}</a></h3>
  {}
</li>
"""


@register.simple_tag
def hits(found: Iterable[Hit]) -> SafeString:
    """Draw what was found as the items of a list: of which kind it is, its title and a piece of its text."""
    labels = {name: escape(str(kind.label)) for name, kind in KINDS.items()}
    return SafeString("".join(_hit(hit, labels[hit.kind.name]) for hit in found))


def _hit(hit: Hit, label: str) -> str:
    text = f'<p class="measure">{hit.text}</p>' if hit.text else ""
    return HIT.format(label, escape(hit.address), hit.title, text)
