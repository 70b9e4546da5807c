"""Who may touch the ledger."""

from people.models import User


def can_retry(user: object) -> bool:
    return isinstance(user, User) and user.is_active and user.is_secretariat
