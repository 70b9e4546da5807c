"""Between snapshot and publication somebody may have withdrawn the consent to be named, or a record its publicity."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from challenges.models import Statement
from meetings.models import ActionPoint
from outcomes.errors import NamesWithdrawn
from outcomes.languages import spoken
from outcomes.models import Edition, EditionSource
from outcomes.records import check_public

Plain = dict[str, Any]
SOURCES = ("round", "focus", "meeting", "challenge", "webinar")


def check_still_true(edition: Edition) -> None:
    """Raise SourceNotPublic or NamesWithdrawn when the edition tells what may no longer be told."""
    check_sources(edition)
    if edition.snapshot and _outdated(edition, edition.snapshot):
        raise NamesWithdrawn


def check_sources(edition: Edition) -> None:
    """Raise SourceNotPublic unless everybody may read every record the edition tells of."""
    for row in EditionSource.objects.filter(edition=edition).select_related(*SOURCES).order_by("position"):
        if row.record is not None:
            check_public(row.record)


def renewed(edition: Edition, taken: Plain) -> Plain:
    """The snapshot without the names of those who no longer wish to be named; the rest stays as it is."""
    for place, key, instead in list(_outdated(edition, taken)):
        place[key] = instead
    return taken


def _outdated(edition: Edition, taken: Plain) -> list[tuple[Plain, str, str]]:
    """Where in the snapshot such a name stands, under which key, and what should stand there instead."""
    with translation.override(spoken(edition.language)):
        nobody = _("A member of the group")
    owners = [(action, "owner", nobody) for action in _actions(taken) if action["owner"] not in {"", nobody}]
    authors = [(said, "name", "") for said in _statements(taken) if said["name"]]
    known = (_owners(edition, owners), _authors(edition, authors))
    return [
        (place, key, instead)
        for places, names in zip((owners, authors), known, strict=True)
        for place, key, instead in places
        if place[key] not in names
    ]


def _actions(taken: Plain) -> Iterator[Plain]:
    for told in (*taken["sources"]["meetings"], *taken.get("groups", ())):
        yield from told.get("actions", ())


def _statements(taken: Plain) -> Iterator[Plain]:
    for told in taken["sources"]["rounds"]:
        yield from told.get("statements", ())


def _owners(edition: Edition, places: list[Any]) -> set[str]:
    """Names of those who have an action in the meetings told of and agree to be named."""
    if not places:
        return set()
    told = Q(meeting__edition_sources__edition=edition) | Q(meeting__group__publications=edition.publication_id)
    actions = ActionPoint.objects.filter(told, owner__show_name_publicly=True)
    return set(actions.values_list("owner__display_name", flat=True))


def _authors(edition: Edition, places: list[Any]) -> set[str]:
    """Names under the minority statements of the rounds told of, where the members want them there."""
    if not places:
        return set()
    said = Statement.objects.filter(round__edition_sources__edition=edition, named=True)
    return set(said.values_list("author__display_name", flat=True))
