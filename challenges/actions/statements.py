"""Filing a minority statement on a closed round, and taking it back, as long as the round takes them."""

import datetime as dt

from django.db import transaction

from challenges import rules
from challenges.actions.rounds import locked
from challenges.errors import StatementRefused
from challenges.models import RankingRound, Statement
from history import actions as history
from history.clock import database_now
from people.models import User


@transaction.atomic
def file_statement(
    *, round: RankingRound, text: str, named: bool, by: User, now: dt.datetime | None = None
) -> Statement:
    """Keep or replace the one statement of the member. The history names nobody who stays unnamed.

    Raises StatementRefused.
    """
    fresh, moment = _checked(round, by, now)
    if not text.strip() or len(text) > Statement.LONGEST:
        raise StatementRefused
    statement, _new = Statement.objects.update_or_create(
        round=fresh, author=by, defaults={"text": text.strip(), "named": named, "filed_at": moment}
    )
    _record(fresh, "statement_filed", by if named else None, now)
    return statement


@transaction.atomic
def withdraw_statement(*, round: RankingRound, by: User, now: dt.datetime | None = None) -> bool:
    """Take the member's statement back; whether there was one. Raises StatementRefused."""
    fresh, _moment = _checked(round, by, now)
    found, _by_table = Statement.objects.filter(round=fresh, author=by).delete()
    if found:
        _record(fresh, "statement_withdrawn", None, now)
    return bool(found)


def _checked(round: RankingRound, by: User, now: dt.datetime | None) -> tuple[RankingRound, dt.datetime]:
    fresh, moment = locked(round), now or database_now()
    if not rules.can_state(by, fresh, moment):
        raise StatementRefused
    return fresh, moment


def _record(round: RankingRound, verb: str, by: User | None, now: dt.datetime | None) -> None:
    history.record(round, verb, by=by, public=round.state == RankingRound.State.PUBLISHED, at=now)
