"""Who is looking, asked so that pages for everybody never open a session."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.models import User


def viewer(request: HttpRequest) -> User | None:
    """Return the signed-in person; without a session cookie the answer is None and the session stays untouched."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def person(request: HttpRequest) -> User:
    """Return the signed-in person of a page that asks for sign-in."""
    if isinstance(request.user, User):
        return request.user
    raise PermissionDenied
