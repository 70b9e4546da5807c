"""Installs the regions of people/data; safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand

from people.actions import install_regions
from people.models import Region


class Command(BaseCommand):
    help = "Install the NUTS regions (levels 0 to 2, versions 2024 and 2021). Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface is Django's
        new = install_regions()
        self.stdout.write(f"{Region.objects.count()} regions, {new} of them new.")
