"""How often one caller may ask within an hour. A caller is counted by a keyed fingerprint, never by name or address."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600


def network_of(request: HttpRequest) -> str:
    """Return the network address that the request came from, behind as many proxies as the settings trust."""
    return str(get_adapter().get_client_ip(request))


def too_often(what: str, caller: str, most: int) -> bool:
    """Count one more try of `caller` (a network or mail address) at `what`; True from the one after `most` on.

    The hour begins with the first try. Without a cache nobody is held back.
    """
    key = f"{what}:{salted_hmac('people.limits', caller, algorithm='sha256').hexdigest()}"
    cache.add(key, 0, HOUR)
    try:
        return bool(cache.incr(key) > most)
    except ValueError:  # it ran out between the two
        return False
