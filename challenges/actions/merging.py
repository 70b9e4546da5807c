"""Merging two challenges, undoing that within a fortnight, and splitting one into several."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from challenges.actions.agenda import hand_over_agenda, take_back_agenda
from challenges.actions.register import (
    Entry,
    add_challenge,
    hold_register,
    locked,
    locked_together,
    step,
    with_cluster,
)
from challenges.errors import EntryRefused, ReasonMissing, WrongState
from challenges.models import Challenge, RankingRound
from history import actions as history
from history.clock import database_now
from history.models import Entry as Deed
from people.models import User

Status = Challenge.Status
UNDOABLE = dt.timedelta(days=14)
NO_TARGET = {Status.MERGED, Status.PARKED, Status.CLOSED}
FEWEST_PARTS = 2


@dataclass(frozen=True, kw_only=True)
class Part:
    """One of the challenges that another is split into."""

    title: str
    text: str = ""


@transaction.atomic
def merge_challenge(
    *, challenge: Challenge, into: Challenge, by: User, reason: str, now: dt.datetime | None = None
) -> Challenge:
    """Merge a challenge into another of its group, with its subdimensions and agenda items; its page points there.

    Rounds that asked about it stay as they are. Raises EntryRefused, WrongState or ReasonMissing.
    """
    fresh, into = locked_together(challenge, into)
    parts = list(fresh.subdimensions.order_by("pk"))
    _check_target(fresh, into, parts)
    fresh.merged_into, fresh.status_before = into, fresh.status
    moved = [part.pk for part in parts]
    step(fresh, Status.MERGED, by=by, reason=reason, now=now, into=into.pk, subdimensions=moved)
    _hang(parts, into, by, now)
    hand_over_agenda(challenge=fresh, into=into, by=by, now=now)
    history.record(into, "took_in", by=by, reason=reason, payload={"challenge": fresh.pk}, public=True, at=now)
    return fresh


@transaction.atomic
def undo_merge(*, challenge: Challenge, by: User, reason: str, now: dt.datetime | None = None) -> Challenge:
    """Give a merged challenge its former status, subdimensions and agenda items back.

    Raises WrongState or ReasonMissing.
    """
    fresh = locked(challenge)
    deed, into = _merging(fresh), fresh.merged_into
    if deed is None or into is None or not can_undo(fresh, now):
        raise WrongState(_("A merger can be undone for 14 days, and only until a round has asked about it."))
    if not reason.strip():
        raise ReasonMissing
    fresh.status, fresh.merged_into, fresh.status_before = fresh.status_before, None, ""
    fresh.save(update_fields=["status", "merged_into", "status_before"])
    _hang(list(Challenge.objects.filter(pk__in=deed.payload["subdimensions"], parent=into)), fresh, by, now)
    take_back_agenda(challenge=fresh, into=into, merging=deed)
    history.record(fresh, "merging_undone", by=by, reason=reason, public=True, at=now)
    history.record(into, "gave_back", by=by, reason=reason, payload={"challenge": fresh.pk}, public=True, at=now)
    return fresh


def can_undo(challenge: Challenge, now: dt.datetime | None = None) -> bool:
    """Whether the merger is younger than a fortnight and no round since has asked about either of the two."""
    deed = _merging(challenge)
    if deed is None or not challenge.status_before or deed.at + UNDOABLE <= (now or database_now()):
        return False
    either = Q(options__challenge=challenge) | Q(options__challenge=challenge.merged_into)
    return not RankingRound.objects.filter(either, opened_at__gte=deed.at, cancelled_at=None).exists()


@transaction.atomic
def split_challenge(
    *,
    challenge: Challenge,
    parts: Sequence[Part],
    by: User,
    reason: str,
    park: bool = False,
    now: dt.datetime | None = None,
) -> list[Challenge]:
    """Enter several challenges in the place of one, each linked back to it; with `park` it is put aside.

    Raises WrongState, EntryRefused or ReasonMissing.
    """
    hold_register(challenge.group)
    fresh, *_cluster = with_cluster(challenge, challenge.parent)
    if not fresh.sortable:
        raise WrongState(_("Only a challenge that is neither in focus nor put aside can be split."))
    if len(parts) < FEWEST_PARTS:
        raise EntryRefused(_("Split it into at least two."))
    if not reason.strip():
        raise ReasonMissing
    found = [
        add_challenge(entry=_entry(fresh, part), status=Status.IDENTIFIED, by=by, reason=reason, now=now)
        for part in parts
    ]
    payload = {"challenges": [one.pk for one in found]}
    history.record(fresh, "split", by=by, reason=reason, payload=payload, public=True, at=now)
    if park:
        step(fresh, Status.PARKED, by=by, reason=reason, now=now)
    return found


def _check_target(challenge: Challenge, into: Challenge, parts: Sequence[Challenge]) -> None:
    if into.pk == challenge.pk or into.group_id != challenge.group_id or into.status in NO_TARGET:
        raise EntryRefused(_("Merge into another challenge of the same group that is neither merged nor put aside."))
    if parts and into.parent_id is not None:
        raise EntryRefused(_("It has subdimensions, so merge it into a cluster: subdimensions have none."))


def _hang(parts: Sequence[Challenge], cluster: Challenge | None, by: User, now: dt.datetime | None) -> None:
    """Make them subdimensions of the cluster."""
    for part in parts:
        before, part.parent = part.parent, cluster
        part.save(update_fields=["parent"])
        payload = {"parent": [str(before), str(cluster)]}
        history.record(part, "edited", by=by, payload=payload, public=True, at=now)


def _merging(challenge: Challenge) -> Deed | None:
    if challenge.status != Status.MERGED:
        return None
    return Deed.objects.about(challenge).filter(verb="merged").order_by("-at", "-pk").first()


def _entry(challenge: Challenge, part: Part) -> Entry:
    return Entry(
        group=challenge.group,
        title=part.title,
        text=part.text,
        nature=challenge.nature,
        origin=challenge.origin,
        parent=challenge.parent,
        split_from=challenge,
    )
