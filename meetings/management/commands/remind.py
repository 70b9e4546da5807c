"""Reminders by hand: plan what is due now, or print who would get what, when and why."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from history.clock import database_now
from meetings import actions
from notices import foreseen
from notices.foreseen import Foreseen

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
        coming = foreseen.all_until(_until(options["until"], now), now=now)
        for letter in coming:
            self.stdout.write(_line(letter))
        self.stdout.write(f"{len(coming)} lines; nothing was sent.")


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


def _line(letter: Foreseen) -> str:
    when = letter.at.isoformat(sep=" ", timespec="minutes")
    return f"{when}  {letter.address}  {letter.title}  [{letter.about}] because: {letter.why}"
