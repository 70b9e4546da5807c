"""What planners should know about a time or about who comes, in sentences: warnings, never locks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import warnings
from meetings.models import Attendee, Meeting
from people.models import Helix, Region, User
from workinggroups.models import Membership

NAMED = 5  # people of one sentence; the others are counted
COMING = (Attendee.Reply.YES, Attendee.Reply.ONLINE, Attendee.Reply.MAYBE)


def of_time(meeting: Meeting) -> list[str]:
    """Return what speaks against the time of a meeting (saved or not) for the members of its group."""
    active = Membership.objects.active().filter(group=meeting.group_id)
    members = User.objects.filter(pk__in=active.values("user")).select_related("region").order_by("pk")
    return _about(meeting, list(members))


def of_meeting(meeting: Meeting, attendees: list[Attendee]) -> list[str]:
    """Return the same for a meeting to come and those invited to it, and whether one helix is alone in coming.

    First comes what nobody could take part without.
    """
    if meeting.state in Meeting.OVER or not meeting.starts_at:
        return []
    if meeting.state != Meeting.State.SCHEDULED:
        return of_time(meeting)
    return [
        *_unlinked(meeting),
        *_unshown(meeting),
        *_about(meeting, [each.user for each in attendees]),
        *_thin(attendees),
    ]


def _unlinked(meeting: Meeting) -> list[str]:
    if meeting.mode == Meeting.Mode.IN_PERSON or meeting.join_url:
        return []
    return [_("People join online, and there is no join link yet: add it before the letter with the link leaves.")]


def _unshown(meeting: Meeting) -> list[str]:
    if meeting.mode != Meeting.Mode.ONLINE or meeting.place.casefold() in {"", "online"}:
        return []
    return [_("The meeting is online only, so nobody is told of its place: %(place)s.") % {"place": meeting.place}]


def _about(meeting: Meeting, people: list[User]) -> list[str]:
    return [*_double_bookings(meeting, people), *_holidays(meeting, people)]


def _double_bookings(meeting: Meeting, people: list[User]) -> list[str]:
    rivals = Meeting.objects.filter(
        state=Meeting.State.SCHEDULED, starts_at__lt=meeting.ends_at, ends_at__gt=meeting.starts_at
    ).exclude(pk=meeting.pk)
    both = Membership.objects.active().filter(user__in=people, group__meetings__in=rivals)
    rows = both.values_list("group__meetings__title", "group__name", "user__display_name")
    busy: dict[tuple[str, str], list[str]] = defaultdict(list)
    for title, group, name in rows.order_by("group__meetings__starts_at", "group__meetings__pk", "user__display_name"):
        busy[title, group].append(name)
    return [_double_booking(title, group, names) for (title, group), names in busy.items()]


def _double_booking(title: str, group: str, names: list[str]) -> str:
    text = ngettext(
        "At the same time: “%(title)s” (%(group)s). %(n)d member belongs to both: %(names)s.",
        "At the same time: “%(title)s” (%(group)s). %(n)d members belong to both: %(names)s.",
        len(names),
    )
    return text % {"title": title, "group": group, "n": len(names), "names": _listed(names)}


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return (
        shown
        if len(names) <= NAMED
        else _("%(names)s and %(n)d more")
        % {
            "names": shown,
            "n": len(names) - NAMED,
        }
    )


def _holidays(meeting: Meeting, people: list[User]) -> list[str]:
    starts, ends = meeting.local_start, meeting.local_end
    if not (starts and ends):
        return []
    found = warnings.public_holidays(warnings.days(starts, ends), [_country(person) for person in people])
    names = _country_names({each.country for each in found}) if found else {}
    shared: dict[tuple[dt.date, str], list[warnings.Holiday]] = defaultdict(list)
    for each in found:
        shared[each.day, each.name].append(each)
    return [_holiday(each, [names.get(one.country, one.country) for one in each]) for each in shared.values()]


def _country(person: User) -> str:
    return person.region.country if person.region else ""


def _country_names(codes: set[str]) -> dict[str, str]:
    countries = Region.objects.current().filter(level=0, country__in=codes)
    return dict(countries.values_list("country", "name").order_by("country"))


def _holiday(shared: list[warnings.Holiday], countries: list[str]) -> str:
    """One sentence for a holiday, however many countries keep it."""
    people, first = sum(each.people for each in shared), shared[0]
    text = ngettext(
        "%(day)s is a public holiday in %(countries)s (%(name)s), where %(n)d member lives.",
        "%(day)s is a public holiday in %(countries)s (%(name)s), where %(n)d members live.",
        people,
    )
    day = date_format(first.day, "j F")
    return text % {"day": day, "countries": ", ".join(countries), "name": first.name, "n": people}


def _thin(attendees: Iterable[Attendee]) -> list[str]:
    helices = [each.user.helix for each in attendees if each.reply in COMING]
    if not warnings.is_thin(helices):
        return []
    alone = next(Helix(helix).label for helix in helices if helix)
    return [_("So far only one side of the helix is coming: %(helix)s.") % {"helix": alone}]
