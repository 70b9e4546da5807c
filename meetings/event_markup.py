"""A meeting as schema.org's Event, for search engines: what everybody may know of it, and nothing else; pure."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

ATTENDANCE = {
    "online": "OnlineEventAttendanceMode",
    "in_person": "OfflineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
}
STATUS = {"cancelled": "EventCancelled", "postponed": "EventPostponed"}
NOT_IN_DATA = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Event:
    """Times are aware; `page` is absolute."""

    title: str
    summary: str
    begins: dt.datetime
    ends: dt.datetime | None
    mode: str
    state: str
    place: str
    page: str
    organiser: str
    organiser_page: str


def json_ld(event: Event) -> str:
    """Return JSON that can stand in a script element of data: no character of it ends the element."""
    location: list[dict[str, Any]] = []
    if event.mode != "online" and event.place:
        location.append({"@type": "Place", "name": event.place, "address": event.place})
    if event.mode != "in_person":
        location.append({"@type": "VirtualLocation", "url": event.page})
    tree = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": event.page,
        "url": event.page,
        "name": event.title,
        "description": event.summary or event.title,
        "startDate": event.begins.isoformat(),
        "endDate": event.ends.isoformat() if event.ends else "",
        "eventAttendanceMode": f"https://schema.org/{ATTENDANCE.get(event.mode, ATTENDANCE['hybrid'])}",
        "eventStatus": f"https://schema.org/{STATUS.get(event.state, 'EventScheduled')}",
        "location": location,
        "organizer": {"@type": "Organization", "name": event.organiser, "url": event.organiser_page},
    }
    known = {name: value for name, value in tree.items() if value}
    return json.dumps(known, ensure_ascii=False, sort_keys=True).translate(NOT_IN_DATA)
