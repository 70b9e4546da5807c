"""The room of meetings, agendas, replies and reminder rules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("meetings")

    def ready(self) -> None:
        """Tell the room of letters which kinds come from here, and what is foreseen."""
        from meetings import (
            closing_letters,
            foreseen,
            letters,
            minutes_letters,
            off_letters,
            point_letters,
            poll_letters,
            reply_letters,
            rule_letters,
            series_letters,
            webinar_letters,
        )

        of_meetings = (letters, rule_letters, off_letters, reply_letters, closing_letters, minutes_letters)
        for writers in (*of_meetings, point_letters, poll_letters, series_letters, webinar_letters, foreseen):
            writers.register_all()
