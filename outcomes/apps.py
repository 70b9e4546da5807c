"""The room of publications and their editions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "outcomes"
    verbose_name = _("outcomes")

    def ready(self) -> None:
        from outcomes import follow_letters, foreseen, review_letters

        foreseen.register_all()
        review_letters.register_all()
        follow_letters.register_all()
