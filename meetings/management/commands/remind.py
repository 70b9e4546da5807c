"""Reminders by hand: plan what is due now, or print who would get what, when and why."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from history.clock import database_now
from meetings import actions, forecast, reminding
from meetings.models import Meeting, ReminderRule
from workinggroups.models import Membership

WEEKS = dt.timedelta(weeks=4)


class Command(BaseCommand):
    help = "Plan the reminders that are due. With --dry-run: print who would get which letter, when and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="send and change nothing")
        parser.add_argument("--until", metavar="DATE", help="with --dry-run: last day to look at (default: in 4 weeks)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface is Django's
        if not options["dry_run"]:
            if options["until"]:
                raise CommandError("--until only belongs to --dry-run.")
            self.stdout.write(f"{actions.remind()} letters are new.")
            return
        now = database_now()
        lines = list(_lines(now, _until(options["until"], now)))
        for line in lines:
            self.stdout.write(line)
        self.stdout.write(f"{len(lines)} letters; nothing was sent.")


def _until(day: str | None, now: dt.datetime) -> dt.datetime:
    """Return the end of that day (UTC)."""
    if day is None:
        return now + WEEKS
    try:
        found = parse_date(day)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{day} is no date like 2026-11-22.")
    return dt.datetime.combine(found, dt.time.max, dt.UTC)


def _lines(now: dt.datetime, until: dt.datetime) -> Iterable[str]:
    """One line for each letter, by meeting."""
    rules = list(ReminderRule.objects.all())
    coming = Meeting.objects.to_remind(now).select_related("group")
    for meeting in [*coming, *reminding.just_over(now)]:
        if meeting in coming:
            yield from _memberships(meeting, now)
        if meeting.reminders_paused_at is None:
            yield from _reminders(meeting, rules, now, until)


def _memberships(meeting: Meeting, now: dt.datetime) -> Iterable[str]:
    """Who joined or left since the last beat."""
    asked = meeting.attendees.values("user")
    late = Membership.objects.active().filter(group=meeting.group).exclude(user__in=asked).select_related("user")
    for membership in late.order_by("user__display_name", "pk"):
        yield _line(now, meeting, membership.user.email, "Invitation", "joined the group after the others were invited")
    rows: Iterable[Any] = meeting.attendees.unsettled().select_related("user")  # with is_member
    for row in rows:
        if row.waiting_since is None:
            letter, why = ("Invitation", "is a member again") if row.is_member else ("Out of the calendar", "left")
            yield _line(now, meeting, row.user.email, letter, why)


def _reminders(meeting: Meeting, rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterable[str]:
    for expected in forecast.of_meeting(meeting, rules, now, until=until):
        note = "; waits for minutes, decisions or action points" if expected.waits_for_news else ""
        for person in expected.recipients:
            moment = max(expected.due_at, now.astimezone(meeting.zone))
            yield _line(moment, meeting, person.user.email, str(expected.title), expected.why + note)


def _line(moment: dt.datetime, meeting: Meeting, email: str, letter: str, why: str) -> str:
    when = moment.astimezone(meeting.zone).isoformat(sep=" ", timespec="minutes")
    return f"{when}  {email}  {letter}  [{meeting.slug}] because: {why}"
