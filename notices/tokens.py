"""The signed address that ends letters of some classes to one person. It allows nothing else and stays valid."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from notices.models import LetterClass
from people.models import User

_signer = signing.Signer(salt="notices.unsubscribe", sep=".")


@dataclass(frozen=True)
class Ending:
    """Whose letters of which classes a link ends."""

    person: User
    classes: tuple[LetterClass, ...]


def token_of(person: User, classes: Collection[str]) -> str:
    return _signer.sign("-".join([str(person.pk), *sorted(classes)]))


def unsubscribe_url(person: User, classes: Collection[str]) -> str:
    return settings.SITE_URL + reverse("notices:unsubscribe", args=[token_of(person, classes)])


def ending_of(token: str) -> Ending | None:
    """Return what the link ends; None when it was not made here or the account is gone."""
    try:
        pk, *classes = _signer.unsign(token).split("-")
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=int(pk)).first()
    known = [LetterClass(name) for name in classes if name in LetterClass.values]
    return Ending(person, tuple(known)) if person and known else None
