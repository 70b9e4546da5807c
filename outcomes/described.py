"""An edition as the modules for machines want it, from its row; and the headers and tags of its page."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from outcomes import metadata
from outcomes.imprint import LICENCES
from outcomes.models import Edition, EditionFile


def described(edition: Any, files: Sequence[EditionFile], also_in: Sequence[Edition] = ()) -> metadata.Described | None:
    """None for what machines are not to be told of: not in print, or without a snapshot.

    `edition` comes with its `topics`, as its page shows them; `also_in` are the published editions of the same in other
    languages.
    """
    in_print = edition.state in {Edition.State.PUBLISHED, Edition.State.SUPERSEDED}
    if not in_print or not edition.snapshot or not edition.published_at:
        return None
    card = reverse("outcomes:card", args=[edition.publication.slug, edition.version])
    name, address = LICENCES.get(edition.licence, (edition.licence, ""))
    return metadata.Described(
        snapshot=edition.snapshot,
        formats=[file.format for file in files],
        day=f"{edition.published_at:%Y-%m-%d}",
        licence=address or name,
        edition_address=edition.get_absolute_url(),
        image=settings.SITE_URL + card,
        topics=[topic["title"] for topic in edition.topics],
        doi=edition.doi,
        translations=[(one.language, settings.SITE_URL + one.get_absolute_url()) for one in also_in],
    )


def head_of(edition: Edition, of: metadata.Described | None, also_in: Sequence[Edition] = ()) -> dict[str, Any]:
    """Return the context of the tags in the head; empty where nothing is told."""
    if of is None:
        return {"named": [], "properties": [], "data": "", "canonical": "", "alternates": []}
    home, shelf = settings.SITE_URL + "/", settings.SITE_URL + reverse("outcomes:list")
    steps = [(_("Home"), home), (_("Outcomes"), shelf), (of.edition["title"], of.page)]
    return {
        "named": metadata.named_tags(of),
        "properties": metadata.property_tags(of),
        "data": metadata.json_ld(of, steps),
        "canonical": of.page,
        "alternates": _alternates(edition, of, also_in),
    }


def _alternates(edition: Edition, of: metadata.Described, also_in: Sequence[Edition]) -> list[tuple[str, str]]:
    """Language and address of each, this one too, and of the original for all others; [] for a single language."""
    if not also_in or edition.state != Edition.State.PUBLISHED:
        return []
    original = next((one for one in also_in if one.publication.translation_of_id is None), None)
    default = settings.SITE_URL + original.get_absolute_url() if original else of.page
    return [(edition.language, of.page), *of.translations, ("x-default", default)]


def linked(response: HttpResponse, of: metadata.Described | None) -> HttpResponse:
    """Add the Link header to the page of an edition in print."""
    if of is not None:
        response["Link"] = metadata.links(of)
    return response
