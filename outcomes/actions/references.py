"""The list of works of others: add, import, change, remove. Every deed is public and in the history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from challenges.models import Challenge
from history import actions as history
from history.locks import CITATION_KEYS, lock_exclusive
from history.names import numbered
from outcomes.models import Reference
from people.models import User
from workinggroups.models import WorkingGroup

LONGEST_KEY = 60


@transaction.atomic
def add_reference(
    *,
    reference: Reference,
    groups: Iterable[WorkingGroup],
    topics: Iterable[Challenge] = (),
    by: User | None,
    now: dt.datetime | None = None,
) -> Reference:
    """Write one checked reference; without a key it gets one made from author, year and title."""
    lock_exclusive(CITATION_KEYS, 0)  # two of the same name at once: the second one sees the first
    reference.citekey = reference.citekey or free_key(reference)
    reference.full_clean()
    reference.save(force_insert=True)
    reference.groups.set(groups)
    reference.topics.set(topics)
    history.record(reference, "reference_added", by=by, public=True, at=now)
    return reference


@transaction.atomic
def import_references(*, works: Sequence[Reference], groups: Iterable[WorkingGroup], by: User) -> list[Reference]:
    """Write all of them, or none when one is refused."""
    named = list(groups)
    return [add_reference(reference=work, groups=named, by=by) for work in works]


@transaction.atomic
def edit_reference(
    *, reference: Reference, groups: Iterable[WorkingGroup], topics: Iterable[Challenge], by: User
) -> Reference:
    """Write the changed fields; the key stays, others may cite by it."""
    Reference.objects.select_for_update(no_key=True).get(pk=reference.pk)
    reference.full_clean()
    reference.save()
    reference.groups.set(groups)
    reference.topics.set(topics)
    history.record(reference, "reference_changed", by=by, public=True)
    return reference


@transaction.atomic
def remove_reference(*, reference: Reference, by: User) -> None:
    """Take it off the list; the history keeps what it was. Done twice it is done once."""
    if not Reference.objects.select_for_update().filter(pk=reference.pk).exists():
        return
    kept: dict[str, Any] = {"citekey": reference.citekey, "title": reference.title}
    history.record(reference, "reference_removed", by=by, payload=kept, public=True)
    reference.delete()


def free_key(reference: Reference) -> str:
    """Return `family-year-word`, with a number where another has it."""
    family = (reference.authors[0] if reference.authors else "").partition(",")[0]
    word = next((word for word in reference.title.split() if len(word) > len("the")), reference.title)
    stem = slugify(f"{family} {reference.year or ''} {word}")[:LONGEST_KEY].strip("-") or "work"
    taken = set(Reference.objects.filter(citekey__startswith=stem).values_list("citekey", flat=True))
    return numbered(stem, taken)
