"""The signed link of an invitation. It holds nothing but a random word that the row knows too."""

from django.core import signing
from django.urls import reverse

from workinggroups.models import Invitation

_signer = signing.Signer(salt="workinggroups.invitation", sep=".")


def token_of(invitation: Invitation) -> str:
    return _signer.sign(invitation.nonce)


def join_path(invitation: Invitation) -> str:
    return reverse("workinggroups:join", args=[token_of(invitation)])


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation of a link, whatever became of it; None when the link was not made here."""
    try:
        nonce = _signer.unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("group", "invited_by").filter(nonce=nonce).first()
