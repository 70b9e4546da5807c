"""Who comes and who came, counted by helix and country with the gaps named; and the seats of the room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from meetings.models import Attendee, Meeting
from meetings.models.attendance import AttendeeQuerySet
from people.models import Helix, Region
from workinggroups.composition import Composition, Seat, compose

Reply = Attendee.Reply


@dataclass(frozen=True)
class Room:
    """Seats, how many of them are taken, and how many people wait for one."""

    seats: int
    taken: int
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.seats


def with_countries(attendees: AttendeeQuerySet) -> AttendeeQuerySet:
    """Attendees by name, with person, region, organisation and `country`: the name of the region's country."""
    countries = Region.objects.filter(level=0, code=OuterRef("user__region__country")).order_by("-version")
    named = attendees.select_related("user__region", "user__organisation")
    return named.annotate(country=Subquery(countries.values("name")[:1])).order_by("user__display_name", "pk")


def comes(attendee: Attendee) -> bool:
    """A yes that has its seat, or somebody sent in the own place."""
    if attendee.reply == Reply.NO:
        return bool(attendee.substitute)
    return attendee.reply in {Reply.YES, Reply.ONLINE} and attendee.waiting_since is None


def takes_seat(attendee: Attendee) -> bool:
    """Online nobody needs one."""
    return comes(attendee) and attendee.reply != Reply.ONLINE


def of_those(attendees: Iterable[Attendee]) -> Composition:
    """Count people from `with_countries`; a substitute counts for the one in whose place they come."""
    return compose([_seat(attendee) for attendee in attendees], Helix.values)


def _seat(attendee: Attendee) -> Seat:
    region = attendee.user.region
    return Seat(attendee.user.helix, getattr(attendee, "country", None) or "", region.code if region else "")


def absent_countries(everybody: Composition, present: Composition) -> list[str]:
    """Countries of the invited from which nobody is among those present."""
    there = {name for name, _seats in present.countries}
    return sorted(name for name, _seats in everybody.countries if name not in there)


def room(meeting: Meeting, attendees: Sequence[Attendee]) -> Room | None:
    """Return the seats of a meeting that counts them. `attendees`: all of today's members who were asked."""
    if meeting.capacity is None:
        return None
    waiting = sum(attendee.waiting_since is not None for attendee in attendees)
    return Room(meeting.capacity, sum(map(takes_seat, attendees)), waiting)


def figures(attendees: list[Attendee]) -> dict[str, Any]:
    """Who was there, or as long as nobody wrote it down who said that they come, against all invited."""
    present = [row for row in attendees if row.attended]
    coming = [row for row in attendees if comes(row)]
    everybody, there = of_those(attendees), of_those(present or coming)
    return {
        "composition": there,
        "was_there": bool(present),
        "absent_countries": absent_countries(everybody, there),
    }
