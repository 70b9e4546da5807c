"""Shows a kind of letter to the secretariat, made from a real record and addressed to the reader."""

import logging
import re
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from notices import digests, mail
from notices.letters import Draft, Letter, kinds
from notices.models import Notice
from people.models import User

# What django.core.signing makes: a text, and 43 characters that prove it. Some links stand in for signing in.
SIGNED = re.compile(r"[\w.:-]*[.:][\w-]{43}(?![\w-])")
MOST_PARTS = 3  # of a digest

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """A letter as it would arrive, its signed links made useless."""

    subject: str
    text: str
    html: str


def shown(letter: Letter, reader: User) -> Shown | None:
    """Return the letter as `reader` would get it; None where there is no record yet to show it with."""
    try:
        with transaction.atomic():
            message = _written(letter, reader)
    except Exception:  # a record that does not fit the letter is no reason to fail the page
        log.exception("no specimen of %s", letter.kind)
        return None
    if message is None:
        return None
    html = str(message.alternatives[0][0])
    return Shown(str(message.subject), SIGNED.sub("…", str(message.body)), SIGNED.sub("…", html))


def _written(letter: Letter, reader: User) -> EmailMultiAlternatives | None:
    notice = specimen(letter, reader)
    if notice is None:
        return None
    return mail.written(notice, _gathered(reader) if digests.is_digest(notice) else None)


def specimen(letter: Letter, reader: User) -> Notice | None:
    """Return an unsaved letter of this kind to the reader, about a sample record or the one written about last."""
    notice = Notice(kind=letter.kind, key=f"specimen:{letter.kind}", recipient=reader)
    record = letter.sample()
    if record is not None:
        notice.about_type, notice.about_id = ContentType.objects.get_for_model(record), record.pk
        notice.about = record
        return notice
    last = Notice.objects.listed().filter(kind=letter.kind).order_by("-pk").first()
    if last is not None:
        notice.about_type, notice.about_id, notice.payload = last.about_type, last.about_id, last.payload
        notice.about = last.about
        return notice
    return notice if digests.is_digest(notice) else None


def _gathered(reader: User) -> Draft:
    """A digest of the first few kinds that can be gathered."""
    gathered = (specimen(each, reader) for each in kinds() if not each.essential and each.kind != digests.KIND)
    return digests.draft([mail.entry(part) for part in list(gathered)[:MOST_PARTS] if part])
