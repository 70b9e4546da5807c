"""Hashed and compressed static files for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """Our scripts import nothing, so Django's switch for module imports stays off."""
