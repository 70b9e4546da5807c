"""The signed link of a registration. It holds nothing but a random word that the row knows too."""

from django.core import signing
from django.urls import reverse

from meetings.models import Registration

_signer = signing.Signer(salt="meetings.registration", sep=".")


def token_of(registration: Registration) -> str:
    return _signer.sign(registration.nonce)


def registration_path(registration: Registration) -> str:
    return reverse("meetings:registration", args=[token_of(registration)])


def registration_of(token: str) -> Registration | None:
    """Return the registration of a link; None when the link was not made here, or the row is deleted."""
    try:
        nonce = _signer.unsign(token)
    except signing.BadSignature:
        return None
    return Registration.objects.select_related("webinar").filter(nonce=nonce).first()
