"""The verbs of the register: add, edit, move along the life cycle."""

import datetime as dt
from dataclasses import dataclass, fields

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from challenges.errors import EntryRefused, ReasonMissing, WrongState
from challenges.models import Challenge
from history import actions as history
from history.names import numbered
from people.models import User
from workinggroups.models import WorkingGroup

Status = Challenge.Status
SLUG_LENGTH = 60
TAKEN = {"", "new"}  # addresses of the register itself
TRIES = 5  # for a short name that another group takes at the same moment

VERBS = {
    Status.PROPOSED: "proposed",
    Status.IDENTIFIED: "identified",
    Status.RANKED: "ranked",
    Status.IN_FOCUS: "put_in_focus",
    Status.ADDRESSED: "addressed",
    Status.CLOSED: "closed",
    Status.MERGED: "merged",
    Status.PARKED: "parked",
}
# Ranked comes from a published round, in focus from a decision; merging and undoing it have verbs of their own.
NOT_BY_HAND = {
    (Status.IDENTIFIED, Status.RANKED),
    (Status.RANKED, Status.IN_FOCUS),
    *(
        (status, to)
        for status, onward in Challenge.TRANSITIONS.items()
        for to in onward
        if Status.MERGED in (status, to)
    ),
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the register says of a challenge. Without `slug` one is made from the title, without `position` the last."""

    group: WorkingGroup
    title: str
    text: str = ""
    nature: str = Challenge.Nature.CHALLENGE
    origin: str = Challenge.Origin.MEMBER
    parent: Challenge | None = None
    split_from: Challenge | None = None
    slug: str = ""
    position: int | None = None


@transaction.atomic
def add_challenge(
    *, entry: Entry, status: str, by: User | None, reason: str = "", now: dt.datetime | None = None
) -> Challenge:
    """Enter a challenge as proposed (by a member) or identified (by leader or secretariat).

    Raises EntryRefused when the cluster is of another group or itself a subdimension, or the short name is taken.
    """
    if status not in {Status.PROPOSED, Status.IDENTIFIED}:
        raise WrongState(_("A new challenge is proposed or identified."))
    hold_register(entry.group)
    challenge = Challenge(status=status, **_columns(entry))
    if entry.parent:
        _check_cluster(challenge, locked(entry.parent))
    challenge.position = _last_position(entry) + 1 if entry.position is None else entry.position
    _save_under_a_free_name(challenge, entry)
    payload = {"split_from": entry.split_from.pk} if entry.split_from else {}
    history.record(challenge, VERBS[Status(status)], by=by, reason=reason, payload=payload, public=True, at=now)
    return challenge


@transaction.atomic
def edit_challenge(*, challenge: Challenge, entry: Entry, by: User, now: dt.datetime | None = None) -> Challenge:
    """Change what the register says; the history keeps the earlier wording, rounds keep theirs."""
    fresh, *cluster = with_cluster(challenge, entry.parent)
    kept = ("slug", "group", "origin", "split_from")
    asked = _columns(entry) | {name: getattr(fresh, name) for name in kept}
    if entry.position is None:
        asked["position"] = fresh.position
    before = {name: getattr(fresh, name) for name in asked}
    changed = [name for name, value in asked.items() if before[name] != value]
    if not changed:
        return fresh
    for name in changed:
        setattr(fresh, name, asked[name])
    if cluster:
        _check_cluster(fresh, *cluster)
    fresh.full_clean()
    fresh.save(update_fields=changed)
    payload = {name: [_plain(before[name]), _plain(asked[name])] for name in changed}
    history.record(fresh, "edited", by=by, payload=payload, public=True, at=now)
    return fresh


@transaction.atomic
def move_challenge(
    *, challenge: Challenge, to: str, by: User | None, reason: str = "", now: dt.datetime | None = None
) -> Challenge:
    """Take a step of the life cycle that is taken by hand. Raises WrongState or ReasonMissing."""
    fresh = locked(challenge)
    if (fresh.status, to) in NOT_BY_HAND:
        raise WrongState(_("This step follows from a published round, a decision on the focus, or merging."))
    return step(fresh, to, by=by, reason=reason, now=now)


def step(
    challenge: Challenge,
    to: str,
    *,
    by: User | None,
    reason: str = "",
    now: dt.datetime | None = None,
    **payload: object,
) -> Challenge:
    """Change the status of a locked challenge if its life cycle allows, and write the history."""
    status, wanted = Status(challenge.status), Status(to)
    if wanted not in Challenge.TRANSITIONS[status]:
        raise WrongState(_("“%(title)s” is %(status)s now.") % {"title": challenge, "status": status.label})
    if needs_reason(challenge, wanted) and not reason.strip():
        raise ReasonMissing
    challenge.status = wanted
    challenge.save(update_fields=["status", "merged_into", "status_before"])
    history.record(challenge, VERBS[wanted], by=by, reason=reason, payload=payload, public=True, at=now)
    return challenge


def needs_reason(challenge: Challenge, to: Challenge.Status) -> bool:
    """Whether the step asks for a written reason."""
    return (challenge.status, to) in Challenge.WITH_REASON


def next_by_hand(challenge: Challenge) -> list[Challenge.Status]:
    """The steps of the life cycle that a leader may take by hand now, in the order of the statuses."""
    status = Status(challenge.status)
    return [to for to in Status if to in Challenge.TRANSITIONS[status] and (status, to) not in NOT_BY_HAND]


def locked(challenge: Challenge) -> Challenge:
    return locked_together(challenge)[0]


def locked_together(*challenges: Challenge) -> list[Challenge]:
    """Hold them all, in one order: two deeds at once never wait for each other in a circle. As asked, fresh."""
    rows = Challenge.objects.select_for_update(of=("self",), no_key=True).select_related("group")
    found = {row.pk: row for row in rows.filter(pk__in={one.pk for one in challenges}).order_by("pk")}
    return [found[one.pk] for one in challenges]


def with_cluster(challenge: Challenge, cluster: Challenge | None) -> list[Challenge]:
    return locked_together(challenge, *([cluster] if cluster else []))


def hold_register(group: WorkingGroup) -> None:
    """One entry at a time for each group: position and short name are free when they are used. Before any challenge."""
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)


def _columns(entry: Entry) -> dict[str, object]:
    return {field.name: getattr(entry, field.name) for field in fields(entry)}  # asdict would copy the records in it


def _check_cluster(challenge: Challenge, cluster: Challenge) -> None:
    """Two levels, one group; the cluster is held, so that it stays one."""
    if cluster.status == Status.MERGED:
        raise EntryRefused(_("This cluster was merged. Choose the one it was merged into."))
    if cluster.group_id != challenge.group_id or cluster.parent_id is not None or cluster.pk == challenge.pk:
        raise EntryRefused(_("Choose a cluster of the same group: subdimensions have no subdimensions."))
    if challenge.pk and challenge.subdimensions.exists():
        raise EntryRefused(_("This cluster has subdimensions of its own, so it cannot become one."))


def _last_position(entry: Entry) -> int:
    beside = Challenge.objects.filter(group=entry.group, parent=entry.parent)
    return beside.aggregate(last=Max("position"))["last"] or 0


def _save_under_a_free_name(challenge: Challenge, entry: Entry) -> None:
    """Write the row under the short name asked for, or under one that is free also when groups write at once."""
    for _attempt in range(1 if entry.slug else TRIES):
        challenge.slug = entry.slug or _free_slug(entry.title)
        challenge.full_clean(validate_unique=False, validate_constraints=False)  # they are about rows that change
        try:
            with transaction.atomic():
                challenge.save(force_insert=True)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
        else:
            return
    raise EntryRefused(_("The short name “%(slug)s” is taken. Try again.") % {"slug": challenge.slug})


def _free_slug(title: str) -> str:
    stem = slugify(title)[:SLUG_LENGTH].strip("-") or "challenge"
    taken = set(Challenge.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | TAKEN
    return numbered(stem, taken)


def _plain(value: object) -> object:
    return value if isinstance(value, int | str | None) else str(value)
