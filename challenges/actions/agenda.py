"""Which items of the group's meetings deal with a challenge, or with a round."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from challenges import agendas
from challenges.actions.register import locked
from challenges.errors import AgendaRefused, WrongState
from challenges.models import Challenge
from history import actions as history
from history.models import Entry as Deed
from meetings.models import AgendaItem, Meeting
from people.models import User
from workinggroups.models import WorkingGroup


@transaction.atomic
def set_agenda_items(
    *, challenge: Challenge, items: Iterable[AgendaItem], by: User | None, now: dt.datetime | None = None
) -> list[AgendaItem]:
    """Say which agenda items deal with the challenge; return them. Raises AgendaRefused or WrongState.

    The history keeps it within the group: a meeting that is not announced yet is no business of the public.
    """
    fresh = locked(challenge)
    if fresh.status == Challenge.Status.MERGED:
        raise WrongState(_("It is merged. Put the challenge on the agenda that it was merged into."))
    wanted = sorted({item.pk for item in items})
    before = sorted(fresh.agenda_items.values_list("pk", flat=True))
    found = _kept(fresh.group, set(wanted) - set(before), wanted)
    if wanted != before:
        fresh.agenda_items.set(found)
        history.record(fresh, "put_on_agenda", by=by, payload={"items": [before, wanted]}, at=now)
        history.move_content_version()  # public agendas show it
    return found


def hand_over_agenda(*, challenge: Challenge, into: Challenge, by: User | None, now: dt.datetime | None) -> None:
    """Let the challenge that another is merged into take its place on agendas, those of the past too.

    As for subdimensions, the public entry about the merger is what lets public pages be built anew.
    """
    items = _locked_items(challenge.agenda_items.values_list("pk", flat=True))
    if items:
        new = sorted({item.pk for item in items} - set(into.agenda_items.values_list("pk", flat=True)))
        into.agenda_items.add(*items)
        challenge.agenda_items.clear()
        payload = {"items": [item.pk for item in items], "new": new}
        history.record(challenge, "handed_over_agenda", by=by, payload=payload, at=now)


def take_back_agenda(*, challenge: Challenge, into: Challenge, merging: Deed) -> None:
    """Undo that: give back what is still tied to the other one, which keeps what it had by itself."""
    deed = Deed.objects.about(challenge).filter(verb="handed_over_agenda", pk__gt=merging.pk).first()
    if deed:
        still = _locked_items(into.agenda_items.filter(pk__in=deed.payload["items"]).values_list("pk", flat=True))
        challenge.agenda_items.add(*still)
        into.agenda_items.remove(*(item for item in still if item.pk in deed.payload["new"]))


def _locked_items(wanted: Iterable[int]) -> list[AgendaItem]:
    """Return them; nobody deletes them until the transaction ends."""
    return list(AgendaItem.objects.select_for_update(no_key=True).filter(pk__in=list(wanted)).order_by("pk"))


def _kept(group: WorkingGroup, new: set[int], wanted: list[int]) -> list[AgendaItem]:
    """Return the wanted items; nobody edits the agendas of the new ones until the transaction ends."""
    meetings = Meeting.objects.select_for_update(no_key=True).filter(pk__in=_meetings(new)).order_by("pk")
    len(meetings)  # asks, and so locks
    if agendas.offered(group).filter(pk__in=new).count() != len(new):
        raise AgendaRefused
    return list(AgendaItem.objects.filter(pk__in=wanted).order_by("pk"))


def _meetings(items: set[int]) -> list[int]:
    return sorted(set(AgendaItem.objects.filter(pk__in=items).values_list("meeting", flat=True)))


def check_item(item: AgendaItem | None, meeting: Meeting | None) -> None:
    """Raise AgendaRefused unless the item of a round, if there is one, is of the meeting of the round."""
    if item and (meeting is None or item.meeting_id != meeting.pk):
        raise AgendaRefused
