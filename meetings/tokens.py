"""The signed link by which an invited person answers without signing in. It names one person at one meeting."""

from django.core import signing

from history.paths import path
from meetings.models import Attendee

MARK = "-token-"  # tokens, like it, hold only signs that stand in addresses as they are
_signer = signing.Signer(salt="meetings.reply", sep=".")


def token_of(attendee: Attendee) -> str:
    return _signer.sign(str(attendee.pk))


def reply_path(attendee: Attendee) -> str:
    return path("meetings:reply_link", MARK).replace(MARK, token_of(attendee))


def attendee_of(token: str) -> Attendee | None:
    """Return whom the link belongs to, whatever became of the meeting; None when it was not made here."""
    try:
        key = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Attendee.objects.select_related("user", "meeting__group").filter(pk=key).first()
