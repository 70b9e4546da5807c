"""In which language an edition speaks where nobody wrote the words for it: headings, figures, dates, names of kinds."""

from django.conf import settings

DEFAULT = "en"


def spoken(language: str) -> str:
    """The edition's own language where the portal is translated into it, else English."""
    return language if language in dict(settings.LANGUAGES) else DEFAULT
