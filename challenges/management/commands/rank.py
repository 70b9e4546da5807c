"""Ranks the ballots of a file, or counts a published head-to-head table again. Touches no database."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from challenges.count.methods import METHODS
from challenges.files import ballot_files, recount
from challenges.files.file_lines import MOST_BYTES, BallotFile


class Command(BaseCommand):
    help = "Rank the ballots of a file (PrefLib .soc .soi .toc .toi, the portal's CSV or JSON), or a published result"
    requires_system_checks = []  # some look at the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--method", choices=METHODS, help="schulze; for a published result every method")
        parser.add_argument(
            "--unranked",
            choices=["below", "absent"],
            default="below",
            help="what a ballot leaves unranked stands below all it ranks, or is not compared (default: below)",
        )
        parser.add_argument("--resamples", type=int, default=0, help="bootstrap, for rank intervals")
        parser.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            report = _report(options)
        except (OSError, ValueError) as fault:
            raise CommandError(f"{options['file']}: {_reason(fault)}") from fault
        if options["json"]:
            self.stdout.write(json.dumps({"file": str(options["file"]), **report.plain}, indent=1))
        else:
            for line in report.lines():
                self.stdout.write(self._writable(line))
        if report.differs:
            raise CommandError(f"{options['file']}: other ranks were published by {', '.join(report.differs)}")

    def _writable(self, line: str) -> str:
        """Replace what the terminal's encoding lacks."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        return line.encode(encoding, "replace").decode(encoding)


def _report(options: dict[str, Any]) -> recount.Report:
    path: Path = options["file"]
    with path.open("rb") as file:
        given = ballot_files.read(path.name, file.read(MOST_BYTES + 1))
    if isinstance(given, BallotFile):
        absent = options["unranked"] == "absent"
        return recount.count(given, options["method"] or "schulze", absent=absent, resamples=options["resamples"])
    if options["resamples"]:
        raise ValueError("--resamples needs ballots; this is a table of pairs")
    return recount.again(given, options["method"])


def _reason(fault: Exception) -> str:
    return fault.strerror or str(fault) if isinstance(fault, OSError) else str(fault)
