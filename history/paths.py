"""Paths of pages that are named again and again, found once: Django searches its patterns for each of them."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse


def path(name: str, *given: str) -> str:
    """Do what `reverse(name, args=given)` does."""
    return _found(get_script_prefix(), get_urlconf(), name, given)


@lru_cache(maxsize=4096)
def _found(_prefix: str, urls: str | None, name: str, given: tuple[str, ...]) -> str:
    return reverse(name, urls, given)
