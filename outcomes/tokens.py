"""The signed link of a follower: it confirms, shows what is followed, and ends it. Gone with the follower's row."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from outcomes.models import Follower

_signer = signing.Signer(salt="outcomes.follow", sep=".")


def token_of(follower: Follower) -> str:
    return _signer.sign(follower.token)


def following_url(follower: Follower) -> str:
    return settings.SITE_URL + reverse("outcomes:following", args=[token_of(follower)])


def leave_url(follower: Follower) -> str:
    return settings.SITE_URL + reverse("outcomes:leave", args=[token_of(follower)])


def follower_of(signed: str) -> Follower | None:
    """Return whose link it is; None when it was not made here or its holder has left."""
    try:
        token = _signer.unsign(signed)
    except signing.BadSignature:
        return None
    return Follower.objects.select_related("group", "topic").filter(token=token).first()
