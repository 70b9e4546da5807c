"""Uploaded papers in MEDIA_ROOT under the SHA-256 of their bytes. A file nobody points to does no harm."""

import hashlib
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings

FOLDER = "materials"
BLOCK = 1 << 20


def name_of(sha256: str) -> str:
    """Where the bytes with this hash lie, or would lie, below MEDIA_ROOT."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def store(file: IO[bytes]) -> str:
    """Write the bytes unless they are there; return their SHA-256. What has a name is complete, also after a crash."""
    sha256 = _hash(file)
    place = Path(settings.MEDIA_ROOT) / name_of(sha256)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(file, place)
    return sha256


def _hash(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _write(file: IO[bytes], place: Path) -> None:
    file.seek(0)
    with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as new:
        try:
            while block := file.read(BLOCK):
                new.write(block)
            new.flush()
            Path(new.name).rename(place)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
