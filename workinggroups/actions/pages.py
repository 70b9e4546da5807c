"""The verbs of a group itself: set it up, and change its names, its mandate and what its page says."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from history.actions import record
from history.locks import GROUP_NAMES, lock_exclusive
from history.names import numbered
from people.models import User
from workinggroups.errors import NameTakenError
from workinggroups.models import Criterion, WorkingGroup

LONGEST_SLUG = 50
RESERVED = {"new"}  # an address of its own


@dataclass(frozen=True)
class Description:
    """What the secretariat writes on the group's page."""

    summary: str
    aims: list[str]
    target_meetings_per_year: int
    contact_email: str


@dataclass(frozen=True)
class Identity:
    """What the group is: names, criterion, mandate. A criterion that is not stored yet is stored with it."""

    name: str
    aliases: list[str]
    kind: str
    criterion: Criterion | None
    kicked_off: str
    mandate_from: dt.date | None
    mandate_until: dt.date | None
    mandate_note: str
    status: str = WorkingGroup.Status.ACTIVE


@transaction.atomic
def set_up(*, identity: Identity, description: Description, by: User, now: dt.datetime | None = None) -> WorkingGroup:
    """Set up a group; its part of addresses comes from the name and stays. Raises NameTakenError."""
    lock_exclusive(GROUP_NAMES, 0)  # of two who send the same at once, the second is told
    known = WorkingGroup.objects.filter(name__iexact=identity.name).exists()
    if known or WorkingGroup.objects.with_alias(slugify(identity.name)):
        raise NameTakenError
    group = WorkingGroup(slug=_free_slug(identity.name), **_values(identity), **vars(description))
    group.save(force_insert=True)
    record(group, "created", by=by, public=True, at=now)
    return group


@transaction.atomic
def describe(
    *,
    group: WorkingGroup,
    description: Description,
    by: User,
    identity: Identity | None = None,
    now: dt.datetime | None = None,
) -> list[str]:
    """Write the description, and the identity if given; return the names of the fields that changed."""
    held = WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
    values = vars(description) | (_values(identity) if identity else {})
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.save(update_fields=changed)
        record(held, "described", by=by, payload={"fields": changed}, public=True, at=now)
    return changed


def _values(identity: Identity) -> dict[str, Any]:
    return vars(identity) | {"criterion": identity.criterion and _stored(identity.criterion)}


def _stored(criterion: Criterion) -> Criterion:
    key = {"number": criterion.number, "period": criterion.period}
    texts = {"title": criterion.title, "legal_base": criterion.legal_base}
    return Criterion.objects.get_or_create(**key, defaults=texts)[0]


def _free_slug(name: str) -> str:
    """Return a short name made of the name, numbered where another group has it; names may be all Greek."""
    base = slugify(name)[:LONGEST_SLUG].strip("-") or "group"
    taken = {*WorkingGroup.objects.values_list("slug", flat=True), *RESERVED}
    return numbered(base, taken)
