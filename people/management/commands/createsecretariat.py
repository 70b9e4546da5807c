"""The first account of a real installation."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from people.actions import AddressTakenError, create_secretariat
from people.links import password_link
from people.models import User


class Command(BaseCommand):
    help = "Create an account of the secretariat and print a signed link to set its password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="shown beside what the account does; default: the address")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - the interface is Django's
        email = options["email"].strip()
        name = options["name"].strip() or email.partition("@")[0]
        try:
            User(email=email, display_name=name).clean_fields(exclude=["password"])
            user = create_secretariat(email=email, display_name=name)
        except ValidationError as error:
            raise CommandError(f"{' '.join(error.messages)} ({email})") from error
        except AddressTakenError as error:
            raise CommandError(f"There is already an account with the address {email}.") from error
        days = settings.PASSWORD_RESET_TIMEOUT // 86400
        self.stdout.write(f"Account {user.email} created. Set its password here, once and within {days} days:")
        self.stdout.write(password_link(user))
