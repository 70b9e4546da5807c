"""What members say about a challenge: comments and support. Neither is a deed, so the history does not hold it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from challenges.actions.register import locked
from challenges.errors import WrongState
from challenges.models import Challenge, ChallengeComment, Support
from history import actions as history
from history.clock import database_now
from people.models import User

SETTLED = {Challenge.Status.MERGED, Challenge.Status.CLOSED}


@transaction.atomic
def comment_on_challenge(
    *, challenge: Challenge, by: User, text: str, now: dt.datetime | None = None
) -> ChallengeComment:
    """Say something to the group about a challenge. Raises WrongState."""
    fresh = _discussed(challenge)
    return ChallengeComment.objects.create(challenge=fresh, by=by, text=text.strip(), at=now or database_now())


@transaction.atomic
def remove_comment(*, comment: ChallengeComment, by: User, now: dt.datetime | None = None) -> None:
    """Delete a comment. Taking back the own one leaves no trace; removing another's is on record, without its words."""
    challenge, author = comment.challenge, comment.by
    gone, _by_table = ChallengeComment.objects.filter(pk=comment.pk).delete()
    if gone and by != author:
        history.record(challenge, "comment_removed", by=by, at=now)


@transaction.atomic
def support_challenge(*, challenge: Challenge, by: User) -> Support:
    """Say that a challenge matters; saying it twice changes nothing. Raises WrongState."""
    return Support.objects.get_or_create(challenge=_discussed(challenge), by=by)[0]


@transaction.atomic
def withdraw_support(*, challenge: Challenge, by: User) -> bool:
    """Take it back; whether there was something to take back."""
    gone, _by_table = Support.objects.filter(challenge=challenge, by=by).delete()
    return gone > 0


def _discussed(challenge: Challenge) -> Challenge:
    fresh = locked(challenge)
    if fresh.status in SETTLED:
        raise WrongState(_("“%(title)s” is merged or closed, so it is no longer discussed here.") % {"title": fresh})
    return fresh
