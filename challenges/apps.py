"""The room of the challenge register, ranking rounds and focus."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChallengesConfig(AppConfig):
    name = "challenges"
    verbose_name = _("challenges")

    def ready(self) -> None:
        """Make the letters of this room known, and what is foreseen."""
        from challenges import foreseen, letters

        letters.register_all()
        foreseen.register_all()
