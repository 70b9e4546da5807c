"""Load the demo community through the real actions. Running it twice changes nothing."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from s3cop.demo.book import Book, UnknownDemoDataError
from s3cop.demo.load import load
from s3cop.demo.renewal import renew
from s3cop.demo.scale import multiply


class Command(BaseCommand):
    help = "Load the demo data (local set-up only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=dt.date.fromisoformat, default=None, help="load as if it were this day")
        parser.add_argument("--renew", action="store_true", help="move the relative dates to today")
        parser.add_argument("--scale", type=int, default=1, help="make so many times the content, for measuring")

    def handle(self, *_: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("Demo accounts have a known password: they are refused in production.")
        today = options["today"] or dt.datetime.now(dt.UTC).date()
        try:
            book = Book.open(today)
        except UnknownDemoDataError as problem:
            raise CommandError(str(problem)) from problem
        counts = load(book)
        if options["renew"]:
            counts |= renew(book)
        if options["scale"] > 1:
            counts |= multiply(options["scale"])
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count} new")
