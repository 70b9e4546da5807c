"""The room of working groups, their members and invitations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkingGroupsConfig(AppConfig):
    name = "workinggroups"
    verbose_name = _("working groups")

    def ready(self) -> None:
        """Make the letter of this room known."""
        from workinggroups import letters

        letters.register_all()
