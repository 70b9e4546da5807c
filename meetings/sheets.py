"""Replies to a meeting and registrations for a webinar as files for spreadsheets; no text is ever a formula."""

import csv
import datetime as dt
from collections.abc import Iterable
from io import BytesIO, StringIO

from django.utils.translation import gettext as _

from history.spreadsheet import defused
from meetings import answers
from meetings.models import Attendee, Meeting, Webinar
from people.models import Helix

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Table = list[list[str]]


def table(meeting: Meeting, attendees: Iterable[Attendee]) -> Table:
    """Return a header and one row per invited person; `attendees` come from `balance.with_countries`."""
    header = [
        _("Name"),
        _("E-mail address"),
        _("Organisation"),
        _("Helix"),
        _("Region"),
        _("Country"),
        _("Reply"),
        _("Replied"),
        _("Substitute"),
        _("Address of the substitute"),
        _("Attended"),
    ]
    return [header, *(_row(meeting, attendee) for attendee in attendees)]


def _row(meeting: Meeting, attendee: Attendee) -> list[str]:
    person = attendee.user
    return [
        str(person),
        person.email,
        str(person.organisation or ""),
        str(Helix(person.helix).label) if person.helix else "",
        str(person.region or ""),
        getattr(attendee, "country", None) or "",
        answers.said(attendee, meeting) or str(attendee.get_reply_display()),
        _time(meeting, attendee.replied_at),
        attendee.substitute,
        attendee.substitute_email,
        {None: "", True: _("yes"), False: _("no")}[attendee.attended],
    ]


def registrations(webinar: Webinar) -> Table:
    """Return a header and one row per person who wants to come, in the order in which they came."""
    header = [_("Name"), _("Organisation"), _("E-mail address"), _("State"), _("Registered"), _("Question")]
    people = webinar.registrations.order_by("registered_at", "pk")
    return [
        header,
        *(
            [
                each.name,
                each.organisation,
                each.email,
                each.get_state_display(),
                _time(webinar, each.registered_at),
                each.question,
            ]
            for each in people
        ),
    ]


def _time(event: Meeting | Webinar, moment: dt.datetime | None) -> str:
    """On the clock of the event, with the offset: spreadsheets know no zones."""
    return moment.astimezone(event.zone).isoformat(sep=" ", timespec="minutes") if moment else ""


def as_csv(rows: Table) -> bytes:
    """UTF-8, comma, CRLF."""
    text = StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_xlsx(rows: Table, title: str) -> bytes:
    """Every cell is text by its type, so that "=1+1" stays what somebody typed."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
