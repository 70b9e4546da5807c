"""Who may see and touch the ledger."""

from people.models import User


def can_read_outbox(user: object) -> bool:
    return isinstance(user, User) and user.is_active and user.is_secretariat


def can_retry(user: object) -> bool:
    return can_read_outbox(user)
