"""A meeting as plain data: agenda, attendance in numbers, and from published minutes on what was said and decided."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from meetings.models import ActionPoint, Attendee, Meeting, Minutes
from outcomes import when
from outcomes.records import check_public, day_of, link
from people.models import Helix, User

Plain = dict[str, Any]
UNSTATED = ""  # helix of those who never said


def meeting_record(meeting: Meeting) -> Plain:
    """What a report of the meeting may say. Raises SourceNotPublic."""
    check_public(meeting)
    minutes = published_minutes(meeting)
    return {
        "slug": meeting.slug,
        **link(meeting),
        "group": meeting.group.name,
        "when": when.of_meeting(meeting),
        "day": day_of(meeting),
        "where": when.where(meeting),
        "summary": meeting.summary,
        "agenda": [{"title": item.title, "minutes": item.minutes} for item in meeting.agenda.order_by("position")],
        "attendance": attendance([meeting]),
        "minutes": _minutes(minutes),
        "decisions": decisions(meeting) if minutes else [],
        "actions": actions(meeting) if minutes else [],
    }


def attendance(meetings: Iterable[Meeting]) -> list[Plain]:
    """Invited and present persons by helix, added up over meetings whose attendance is known; [] for none."""
    rows = Attendee.objects.filter(meeting__in=[meeting.pk for meeting in meetings], attended__isnull=False)
    people = list(rows.values_list("user__helix", "attended"))
    invited, came = Counter(helix for helix, _came in people), Counter(helix for helix, came in people if came)
    known = [helix for helix in (*Helix.values, UNSTATED) if invited[helix]]
    return [{"helix": helix, "invited": invited[helix], "came": came[helix]} for helix in known]


def published_minutes(meeting: Meeting) -> Minutes | None:
    """The newest revision that everybody may read."""
    return meeting.minutes.filter(state=Minutes.State.PUBLISHED).order_by("-revision").first()


def decisions(meeting: Meeting) -> list[Plain]:
    return [{"text": decision.text, "meeting": link(meeting)} for decision in meeting.decisions.order_by("position")]


def actions(meeting: Meeting) -> list[Plain]:
    """Who does what until when; a person is named only who agreed to be."""
    points = ActionPoint.objects.filter(meeting=meeting).select_related("owner").order_by("due", "pk")
    return [_action(point) for point in points]


def _action(point: ActionPoint) -> Plain:
    return {
        "text": point.text,
        "owner": _named(point.owner),
        "due": formats.date_format(point.due, "DATE_FORMAT") if point.due else "",
        "state": str(ActionPoint.State(point.state).label),
        "open": point.state == ActionPoint.State.OPEN,
    }


def _named(person: User | None) -> str:
    if person is None:
        return ""
    return person.display_name if person.show_name_publicly else _("A member of the group")


def _minutes(minutes: Minutes | None) -> Plain | None:
    if minutes is None:
        return None
    return {"text": minutes.text, "revision": minutes.revision, "approved": when.moment(minutes.approved_at)["date"]}
