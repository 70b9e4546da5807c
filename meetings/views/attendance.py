"""Who came: the rapporteur writes it down on one page; replies and attendance as files."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.seen import shown
from meetings import actions, balance, sheets
from meetings.errors import MeetingError
from meetings.forms.attendance import AttendanceForm
from meetings.models import Attendee, Meeting, Minutes
from meetings.rules import Standing
from meetings.views import together
from meetings.views.doors import admit, meeting_for
from people.models import User
from people.sessions import person
from workinggroups.models import Membership

HELD = {Meeting.State.HELD, Meeting.State.MINUTED, Meeting.State.PUBLISHED}


def attendance(request: HttpRequest, slug: str) -> HttpResponse:
    """All invited on one page, with what they replied; POST writes down who came."""
    writer = person(request)
    meeting, may = _opened(request, slug)
    admit(meeting.state in HELD, may, _("Attendance can be taken once the meeting was held."))
    attendees = _invited(meeting)
    form = AttendanceForm(request.POST or None, attendees=attendees)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _save(meeting, writer, form)
        except MeetingError as error:
            form.add_error(None, str(error))
        else:
            if not changes:
                messages.success(request, _("Attendance is written down."))
                return redirect(meeting)
    context = {
        **changes,
        "meeting": meeting,
        "form": form,
        "is_new": all(row.attended is None for row in attendees),
        "is_kept": meeting.minutes.filter(state__in=Minutes.LOCKED).exists(),
    }
    return render(request, "meetings/attendance.html", context | balance.figures(attendees))


@transaction.atomic
def _save(meeting: Meeting, by: User, form: AttendanceForm) -> dict[str, Any]:
    """Save, or return what somebody else has written down meanwhile. Raises WrongState."""
    meeting = actions.locked(meeting)
    now = shown(AttendanceForm(attendees=_invited(meeting)))
    changes = together.changed(form, now, meeting, form.labels())
    if not changes:
        actions.record_attendance(meeting=meeting, by=by, lines=form.attendance())
    return changes


def _opened(request: HttpRequest, slug: str) -> tuple[Meeting, Standing]:
    meeting, may = meeting_for(person(request), slug)
    sentence = _("Attendance is kept by the rapporteur, the leader of the group and the secretariat.")
    admit(may.can_write, may, sentence)
    return meeting, may


def _invited(meeting: Meeting) -> list[Attendee]:
    """Everybody who was asked, and today's members where nobody was (a meeting recorded afterwards)."""
    asked = list(balance.with_countries(Attendee.objects.filter(meeting=meeting)))
    if asked:
        return asked
    members = Membership.objects.active().filter(group=meeting.group).with_people().by_name()
    return [Attendee(meeting=meeting, user=member.user) for member in members]


@require_safe
def replies_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Replies and attendance as CSV."""
    meeting, rows = _table(request, slug)
    return attached(sheets.as_csv(rows), "text/csv; charset=utf-8", f"{slugify(meeting.slug)}-replies.csv")


@require_safe
def replies_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """Replies and attendance as an Excel file."""
    meeting, rows = _table(request, slug)
    return attached(sheets.as_xlsx(rows, _("Replies")), sheets.XLSX, f"{slugify(meeting.slug)}-replies.xlsx")


def _table(request: HttpRequest, slug: str) -> tuple[Meeting, sheets.Table]:
    meeting, _may = _opened(request, slug)
    return meeting, sheets.table(meeting, balance.with_countries(Attendee.objects.filter(meeting=meeting)))


def attached(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file with names of people in it: for this reader only, and kept by nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=media_type, headers=headers)
