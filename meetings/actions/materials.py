"""Papers of a meeting: added, renewed by a next version, shown to others, withdrawn."""

import datetime as dt
from typing import IO, NamedTuple, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from history.actions import move_content_version, record
from history.clock import database_now
from meetings import file_types, paper_store
from meetings.actions.rows import Deed, locked
from meetings.errors import FileRefused, WrongState
from meetings.models import AgendaItem, Material, MaterialVersion, Meeting
from people.models import User


class Paper(TypedDict, total=False):
    """What a person says about a paper; `embargo_until` is aware, and only for what becomes public."""

    title: str
    kind: str
    access: str
    language: str
    embargo_until: dt.datetime | None
    agenda_item: AgendaItem | None


class Content(NamedTuple):
    """A file with its name, or a link. `archives` allows a zip that is no office file."""

    file: IO[bytes] | None = None
    name: str = ""
    url: str = ""
    archives: bool = False


@transaction.atomic
def add_material(
    *, meeting: Meeting, by: User | None, content: Content, now: dt.datetime | None = None, **paper: Unpack[Paper]
) -> Material:
    """Add a paper with its first version. Raises FileRefused."""
    meeting = locked(meeting)
    deed = Deed(by, now or database_now())
    material = Material.objects.create(meeting=meeting, **paper)
    _add(material, content, deed)
    _note(material, "added", deed)
    return material


@transaction.atomic
def renew_material(
    *, material: Material, by: User | None, content: Content, now: dt.datetime | None = None
) -> MaterialVersion:
    """Add the next version; readers get it from now on, the earlier ones stay. Raises FileRefused, WrongState."""
    material = _current(material)
    deed = Deed(by, now or database_now())
    version = _add(material, content, deed)
    _note(material, "renewed", deed)
    return version


@transaction.atomic
def describe_material(
    *, material: Material, by: User | None, now: dt.datetime | None = None, **paper: Unpack[Paper]
) -> Material:
    """Change what is said about a paper, or who may read it. Raises WrongState."""
    material = _current(material)
    was_public = _is_public(material)
    for name, value in paper.items():
        setattr(material, name, value)
    material.save()
    _note(material, "described", Deed(by, now or database_now()))
    if was_public and not _is_public(material):
        move_content_version()  # the public page loses it, and the deed itself is not for everybody
    return material


@transaction.atomic
def withdraw_material(*, material: Material, by: User | None, now: dt.datetime | None = None) -> Material:
    """Show it to nobody any more; the record of it stays. Raises WrongState."""
    material = _current(material)
    deed = Deed(by, now or database_now())
    material.withdrawn_at = deed.at
    material.save(update_fields=["withdrawn_at"])
    _note(material, "withdrawn", deed)
    return material


def _current(material: Material) -> Material:
    rows = Material.objects.select_for_update(of=("self",), no_key=True).select_related("meeting__group")
    found = rows.get(pk=material.pk)
    if found.withdrawn_at:
        raise WrongState(_("This paper was withdrawn."))
    return found


def _add(material: Material, content: Content, deed: Deed) -> MaterialVersion:
    newest = material.versions.order_by("-number").first()
    version = MaterialVersion(material=material, number=newest.number + 1 if newest else 1)
    version.added_at, version.added_by = deed.at, deed.by
    if content.file is None:
        version.url = content.url
    else:
        _fill(version, content.file, content)
    version.save()
    return version


def _fill(version: MaterialVersion, file: IO[bytes], content: Content) -> None:
    """Look at the content, store it, and note what it is. The name a browser sent only gives the download's name."""
    version.size = check_size(file)
    try:
        version.media_type = file_types.media_type(file, archives=content.archives)
    except file_types.NotAllowed as error:
        raise FileRefused(_refusal(str(error))) from error
    version.name = file_types.named(content.name, version.media_type)
    version.sha256 = paper_store.store(file)
    version.file.name = paper_store.name_of(version.sha256)


def check_size(file: IO[bytes]) -> int:
    """Return the number of bytes. Raises FileRefused above the limit."""
    size = file.seek(0, 2)
    if size > settings.PAPER_MAX_BYTES:
        limit = filesizeformat(settings.PAPER_MAX_BYTES)
        raise FileRefused(
            _("This file is too large. The limit is %(limit)s; put it elsewhere and add a link.") % {"limit": limit}
        )
    return size


def _refusal(seems: str) -> str:
    if seems == file_types.ARCHIVE:
        return _("This is an archive. Add its files one by one, or tick that an archive is meant.")
    if seems == "macros":
        return _("This file contains macros. Save it without them, or as PDF.")
    return _("Files of this type are not taken. PDF, Word, Excel, PowerPoint, OpenDocument, pictures and text are.")


def _note(material: Material, verb: str, deed: Deed) -> None:
    """Record it at the paper; the public pages of the meeting change with a public paper."""
    record(material, verb, by=deed.by, public=_is_public(material), at=deed.at)


def _is_public(material: Material) -> bool:
    return material.access == Material.Access.PUBLIC and material.meeting.announced_at is not None
