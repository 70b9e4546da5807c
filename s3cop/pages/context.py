"""What every template may use: the viewer, flashes, and a few facts about the site.
Nothing here touches the session of anonymous readers.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from people.sessions import viewer
from workinggroups.rules import has_desk

SITE_NAME = "S3 Community of Practice"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return viewer, has_desk, flashes, here (the name of the view), site_name, contact_email, has_demo_data."""
    person, match = viewer(request), request.resolver_match
    return {
        "viewer": person,
        "has_desk": SimpleLazyObject(lambda: has_desk(person)),
        "flashes": messages.get_messages(request) if person or "messages" in request.COOKIES else [],
        "here": match.view_name if match else "",
        "site_name": SITE_NAME,
        "site_url": settings.SITE_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "has_demo_data": settings.LOCAL,
    }
