"""The room of letters: one row, one letter, one person."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("notices")

    def ready(self) -> None:
        from notices import digests, queued

        digests.register_all()
        queued.register_all()
