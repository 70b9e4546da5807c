"""An edition as the modules for machines want it, from its row; and the headers and tags of its page."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from outcomes import metadata
from outcomes.document import LICENCES
from outcomes.models import Edition


def described(edition: Edition) -> metadata.Described | None:
    """None for what machines are not to be told of: not in print, or without a snapshot."""
    in_print = edition.state in {Edition.State.PUBLISHED, Edition.State.SUPERSEDED}
    if not in_print or not edition.snapshot or not edition.published_at:
        return None
    card = reverse("outcomes:card", args=[edition.publication.slug, edition.version])
    name, address = LICENCES.get(edition.licence, (edition.licence, ""))
    return metadata.Described(
        snapshot=edition.snapshot,
        formats=[file.format for file in edition.files.all()],
        day=f"{edition.published_at:%Y-%m-%d}",
        licence=address or name,
        edition_address=edition.get_absolute_url(),
        image=settings.SITE_URL + card,
    )


def head_of(edition: Edition) -> dict[str, Any]:
    """Return the context of the tags in the head; empty where nothing is told."""
    of = described(edition)
    if of is None:
        return {"named": [], "properties": [], "data": "", "canonical": ""}
    home, shelf = settings.SITE_URL + "/", settings.SITE_URL + reverse("outcomes:list")
    steps = [(_("Home"), home), (_("Outcomes"), shelf), (of.edition["title"], of.page)]
    return {
        "named": metadata.named_tags(of),
        "properties": metadata.property_tags(of),
        "data": metadata.json_ld(of, steps),
        "canonical": of.page,
    }


def linked(response: HttpResponse, edition: Edition) -> HttpResponse:
    """Add the Link header to the page of an edition in print."""
    of = described(edition)
    if of is not None:
        response["Link"] = metadata.links(of)
    return response
