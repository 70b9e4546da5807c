"""What an edition would say if it were built now; nothing is stored."""

from django.db import transaction
from django.utils import translation

from history.clock import database_now
from outcomes import document, html, snapshot
from outcomes.languages import spoken
from outcomes.models import Edition


def article(edition: Edition) -> str:
    """Return its HTML; unsaved words of the edition count. Raises SourceNotPublic."""
    with transaction.atomic():
        known = edition.snapshot
        if known is not None and known["version"] == snapshot.VERSION:
            taken = snapshot.with_words(edition, known)
        else:
            taken = snapshot.take(edition, now=database_now().replace(microsecond=0))
    with translation.override(spoken(edition.language)):
        return html.write(document.compose(taken, snapshot.WORDS))
