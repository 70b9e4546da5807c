"""The tags that describe an edition to machines, for the head of its page."""

from collections.abc import Sequence
from typing import Any

from django import template

from outcomes.described import head_of
from outcomes.metadata import Described
from outcomes.models import Edition

register = template.Library()


@register.inclusion_tag("outcomes/_metadata.html")
def metadata(edition: Edition, of: Described | None, also_in: Sequence[Edition] = ()) -> dict[str, Any]:
    return head_of(edition, of, also_in)
