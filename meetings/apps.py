"""The room of meetings, agendas, replies and reminder rules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("meetings")

    def ready(self) -> None:
        """Tell the room of letters which kinds come from here."""
        from meetings import (
            closing_letters,
            letters,
            minutes_letters,
            off_letters,
            poll_letters,
            reply_letters,
            series_letters,
            webinar_letters,
        )

        of_meetings = (letters, off_letters, reply_letters, closing_letters, minutes_letters, poll_letters)
        for writers in (*of_meetings, series_letters, webinar_letters):
            writers.register_all()
