"""Reads answers that calendars mailed to the organiser: one .ics file each, one line printed for each."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from meetings import actions, answers, itip
from meetings.errors import MeetingError


class Command(BaseCommand):
    help = (
        "Note the answers in .ics files (METHOD:REPLY) and print what became of each; exit code 1 if any was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="+", type=Path, help="an .ics file, or a folder of them")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface is Django's
        files = list(_files(options["path"]))
        refused = sum(not self._noted(file) for file in files)
        if refused:
            raise CommandError(f"{refused} of {len(files)} refused.")
        self.stdout.write(f"{len(files)} read.")

    def _noted(self, file: Path) -> bool:
        try:
            attendee = actions.import_reply(answer=itip.read(file.read_bytes()))
        except (OSError, itip.NotReadableError, MeetingError) as error:
            self.stdout.write(f"{file}: refused: {error}")
            return False
        said = answers.said(attendee, attendee.meeting)
        self.stdout.write(f"{file}: {attendee.user} ({attendee.user.email}), {attendee.meeting}: {said}")
        return True


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.ics"))
        elif path.exists():
            yield path
        else:
            raise CommandError(f"There is no {path}.")
