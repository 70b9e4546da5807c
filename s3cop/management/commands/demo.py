"""The whole portal in one foreground command, or only what it needs in the database."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from s3cop.local import supervisor


class Command(BaseCommand):
    help = "Run database, broker, worker with schedule and web server in the foreground until Ctrl-C"
    requires_system_checks = []  # the children check

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="only migrate, make the cache table and, where nobody has an account, load the demo data",
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        if not options["prepare"]:
            sys.exit(supervisor.main())
        call_command("migrate", interactive=False)
        call_command("createcachetable")
        if not get_user_model()._default_manager.exists():  # noqa: SLF001 - Django's documented way to a swapped model
            call_command("load_demo")
