"""The one letter about many meetings of a series: planned, changed, or cancelled."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from meetings import before, calendars, kinds
from meetings.letters import addressee, answering
from meetings.models import Attendee, Meeting, Series
from notices.letters import Attachment, Draft, Letter, register
from notices.models import Notice
from workinggroups.models import Membership

GONE = gettext_noop("series removed")
LEFT = gettext_noop("no longer a member")
OVERTAKEN = gettext_noop("changed meanwhile")


def meetings_of(notice: Notice) -> list[Meeting]:
    """Return the meetings of the letter that still are what it says, in order; for a specimen all of the series."""
    named: dict[str, int] = notice.payload.get("meetings") or _all(notice)
    off = deed_of(notice) == "cancelled"
    state = Meeting.State.CANCELLED if off else Meeting.State.SCHEDULED
    rows = Meeting.objects.filter(pk__in=[int(pk) for pk in named], state=state).select_related("group")
    listed = rows.order_by("starts_at", "pk")
    return [meeting for meeting in listed if off or meeting.schedule_revision == named[str(meeting.pk)]]


def _all(notice: Notice) -> dict[str, int]:
    rows = Meeting.objects.filter(series=notice.about_id).order_by("pk")
    return {str(pk): revision for pk, revision in rows.values_list("pk", "schedule_revision")}


def deed_of(notice: Notice) -> str:
    return str(notice.payload.get("deed", "planned"))


def unwanted(notice: Notice, now: dt.datetime) -> str:
    series = Series.objects.select_related("group").filter(pk=notice.about_id).first()
    if series is None:
        return GONE
    notice.about = series
    meetings = meetings_of(notice)
    if deed_of(notice) == "cancelled":
        # Also goes to people who left: the meetings stand in their calendars. `expires_at` has asked the clock.
        return "" if meetings else OVERTAKEN
    if not any(meeting.starts_at and meeting.starts_at > now for meeting in meetings):
        return OVERTAKEN
    members = Membership.objects.active().filter(group=series.group, user=notice.recipient)
    return "" if members.exists() else LEFT


def compose(notice: Notice) -> Draft:
    series, deed = _series(notice), deed_of(notice)
    meetings = meetings_of(notice)
    seats = {each.meeting_id: each for each in Attendee.objects.filter(user=notice.recipient, meeting__in=meetings)}
    context: dict[str, Any] = {
        "series": series,
        "group": series.group,
        "deed": deed,
        "reason": meetings[0].reason if meetings else "",
        "directions": _common([each.directions for each in meetings if each.mode != Meeting.Mode.ONLINE], deed),
        "language_names": _common([each.language_names for each in meetings], deed),
        "lines": [_line(meeting, seats.get(meeting.pk), notice) for meeting in meetings],
        "group_url": calendars.absolute(series.group.get_absolute_url()),
    }
    parts = tuple(_entry(each, seat, notice) for each in meetings if _stands(each, seat := seats.get(each.pk), deed))
    subject = _subject(deed, len(meetings)) % {"title": series.title, "n": len(meetings)}
    return Draft(subject, context, calendars.contact_of(series.group), parts)


def _series(notice: Notice) -> Series:
    series = notice.about
    if not isinstance(series, Series):
        raise TypeError(f"{notice.key} is about no series")
    return series


def _subject(deed: str, number: int) -> str:
    if deed == "planned":
        return ngettext("Invitation: %(title)s, %(n)d date", "Invitation: %(title)s, %(n)d dates", number)
    if deed == "cancelled":
        return ngettext("Cancelled: %(title)s, %(n)d date", "Cancelled: %(title)s, %(n)d dates", number)
    return ngettext("Changed: %(title)s, %(n)d date", "Changed: %(title)s, %(n)d dates", number)


def _line(meeting: Meeting, seat: Attendee | None, notice: Notice) -> dict[str, Any]:
    return answering(meeting, seat) | {
        "title": meeting.title,
        "when": meeting.when,
        "own_when": meeting.when_for(notice.recipient),
        "place": before.site(meeting.mode, meeting.place),
        "was": before.words(notice.payload.get("was", {}).get(str(meeting.pk)), meeting),
        "join_url": meeting.join_url,
        "url": calendars.absolute(meeting.get_absolute_url()),
    }


def _common(words: list[str], deed: str) -> str:
    """What holds for all of the meetings is said once; otherwise their pages say it."""
    return words[0] if deed != "cancelled" and len(set(words)) == 1 else ""


def _stands(meeting: Meeting, seat: Attendee | None, deed: str) -> bool:
    """Is the meeting to stand in the calendar, or to go out of it? Not where somebody else comes in one's place.

    One whose date was being sought has left the calendars before.
    """
    return meeting.starts_at is not None and (deed == "cancelled" or seat is None or not seat.substitute)


def _entry(meeting: Meeting, seat: Attendee | None, notice: Notice) -> Attachment:
    """One calendar object for each meeting: a REQUEST holds one UID only (RFC 5546)."""
    shift = seat.sequence_shift if seat else 0
    person = addressee(notice)
    if deed_of(notice) == "cancelled":
        return Attachment(calendars.cancellation(meeting, person, shift=shift), "text/calendar; method=CANCEL")
    return Attachment(calendars.invitation(meeting, person, shift=shift), "text/calendar; method=REQUEST")


def newest() -> Series | None:
    """A series to show the letter with, best one that has dates."""
    listed = Series.objects.select_related("group").order_by("-pk")
    return listed.filter(meetings__state=Meeting.State.SCHEDULED).first() or listed.first()


def register_all() -> None:
    """Called once, when the app is ready."""
    register(
        Letter(
            kinds.SERIES, gettext_lazy("Meetings of a series: planned, changed or cancelled"), unwanted, compose,
            who_gets=gettext_lazy("Every active member of the group, one letter for the whole edit"),
            sample=newest,
        )
    )  # fmt: skip
