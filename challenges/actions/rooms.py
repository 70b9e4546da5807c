"""The code of a round's live room: given, renewed and revoked by those who run the round."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.actions.codes import give_code
from challenges.actions.rounds import locked
from challenges.errors import WrongState
from challenges.models import LiveRoom, RankingRound
from history import actions as history
from people.models import User


@transaction.atomic
def open_room(*, round: RankingRound, by: User, now: dt.datetime | None = None) -> LiveRoom:
    """Give an open round a new code; the one it had leads nowhere from now on. Raises WrongState."""
    fresh = locked(round)
    if fresh.state != RankingRound.State.OPEN:
        raise WrongState(_("Only an open round has a live room."))
    LiveRoom.objects.filter(round=fresh).delete()
    room = give_code(fresh)
    history.record(fresh, "live_room_opened", by=by, at=now)
    return room


@transaction.atomic
def revoke_room(*, round: RankingRound, by: User, now: dt.datetime | None = None) -> bool:
    """Make the code lead nowhere; whether there was one."""
    fresh = locked(round)
    gone, _by_table = LiveRoom.objects.filter(round=fresh).delete()
    if gone:
        history.record(fresh, "live_room_revoked", by=by, at=now)
    return bool(gone)
