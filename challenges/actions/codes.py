"""Drawing the code of a live room, within the transaction that opens the round or the room."""

import secrets

from challenges.models import LiveRoom, RankingRound

# Without letters and digits that are mistaken for each other when read from a wall.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH = 8


def give_code(round: RankingRound) -> LiveRoom:
    """Give the round a code of 31^8 possible ones: short to type, too many to try."""
    return LiveRoom.objects.create(round=round, code="".join(secrets.choice(ALPHABET) for _i in range(LENGTH)))
