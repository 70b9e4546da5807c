"""Built files in MEDIA_ROOT under the SHA-256 of their bytes. A file nobody points to does no harm, and is swept."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def path_of(sha256: str) -> Path:
    """Where the bytes with this hash lie, or would lie."""
    return _root() / sha256[:2] / sha256


def stored() -> Iterator[Path]:
    """Every file there is, also what a write that was cut off has left."""
    return _root().glob("*/*")


def store(content: bytes) -> str:
    """Write the bytes unless they are there; return their SHA-256. What has a name is complete, also after a crash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = path_of(sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(content, place)
    return sha256


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "outcomes"


def _write(content: bytes, place: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
