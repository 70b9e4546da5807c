"""Receipts: what an elector gets after casting, and the hash by which it is found again: all that is kept of it."""

import re
import secrets
from hashlib import sha256

BITS = 96
GROUP = 4
SHAPE = re.compile(r"[0-9a-f]{4}(?:-[0-9a-f]{4}){5}", re.ASCII)


def draw() -> str:
    """Return a new receipt: 96 random bits as six groups of four hexadecimal digits."""
    digits = secrets.token_hex(BITS // 8)
    return "-".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def digest(receipt: str) -> str:
    """Return the SHA-256 of the receipt exactly as it is shown, in hexadecimal digits."""
    return sha256(receipt.encode()).hexdigest()


def well_formed(text: str) -> bool:
    return SHAPE.fullmatch(text) is not None
