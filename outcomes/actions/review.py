"""Review: comments of the group, the leader's sign-off, approval by a second person, or the way back."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from history import actions as history
from history.clock import database_now
from notices import actions as notices
from notices.models import Notice
from outcomes import rules
from outcomes.actions.locking import check_move, locked, move
from outcomes.characters import clean
from outcomes.errors import CommentsOpen, NotAllowed, ReasonMissing, SamePerson, SignOffMissing, WrongState
from outcomes.models import Edition, EditionComment
from people.models import User
from workinggroups.models import Membership

State = Edition.State
ENDED = gettext_noop("no comments any more")
COMMENT_LETTER, SIGN_OFF_LETTER = "outcomes.for_comment", "outcomes.for_sign_off"


@transaction.atomic
def submit(
    *, edition: Edition, by: User, comments_until: dt.datetime | None = None, now: dt.datetime | None = None
) -> Edition:
    """Send a built edition to review; until a time the group may comment. Raises WrongState.

    A leader who sends it has signed it off by that.
    """
    fresh = locked(edition)
    check_move(fresh, State.IN_REVIEW)
    moment = now or database_now()
    if comments_until is not None and comments_until <= moment:
        raise WrongState(_("Choose a time for comments that is still to come."))
    fresh.submitted_at, fresh.submitted_by, fresh.comments_until = moment, by, comments_until
    if rules.leaders_of(fresh.publication_id).filter(user=by).exists():
        fresh.signed_off_at, fresh.signed_off_by = moment, by
    move(fresh, State.IN_REVIEW, by=by, now=now)
    _tell(fresh, moment)
    return fresh


@transaction.atomic
def comment(*, edition: Edition, by: User, text: str, now: dt.datetime | None = None) -> EditionComment:
    """Say something on an edition while the group may. Raises WrongState, NotAllowed or ReasonMissing."""
    fresh = locked(edition)
    moment = now or database_now()
    if fresh.state != State.IN_REVIEW or not rules.comments_open(fresh, moment):
        raise WrongState(_("The time for comments on this edition is over."))
    if not rules.can_comment(by, fresh, moment):
        raise NotAllowed(_("Only members of the group comment on its publications."))
    if not clean(text).strip():
        raise ReasonMissing
    said = EditionComment.objects.create(edition=fresh, by=by, text=clean(text).strip(), at=moment)
    history.record(fresh.publication, "edition_commented", by=by, payload={"version": fresh.version}, at=now)
    return said


@transaction.atomic
def end_comments(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """End the time for comments before it runs out; what was said stays, letters that wait do not leave.

    Raises WrongState or NotAllowed.
    """
    fresh = locked(edition)
    moment = now or database_now()
    if fresh.state != State.IN_REVIEW or fresh.comments_until is None or fresh.comments_until <= moment:
        raise WrongState(_("The time for comments on this edition is over."))
    if not rules.can_end_comments(by, fresh):
        raise NotAllowed(_("A leader of the group or the secretariat ends the time for comments."))
    payload = {"version": fresh.version, "until": fresh.comments_until.isoformat()}
    fresh.comments_until = moment
    fresh.save(update_fields=["comments_until"])
    notices.skip_waiting(Notice.objects.about(fresh).filter(kind=COMMENT_LETTER), reason=ENDED, now=moment)
    history.record(fresh.publication, "comments_ended", by=by, payload=payload, at=now)
    return fresh


@transaction.atomic
def sign_off(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """The leader's word that the edition says what the group means. Raises WrongState or NotAllowed."""
    fresh = locked(edition)
    if fresh.state != State.IN_REVIEW or fresh.signed_off_at is not None:
        raise WrongState(_("This edition waits for no sign-off."))
    if not rules.can_sign_off(by, fresh):
        raise NotAllowed(_("Only a leader of the group signs its publications off."))
    fresh.signed_off_at, fresh.signed_off_by = now or database_now(), by
    fresh.save(update_fields=["signed_off_at", "signed_off_by"])
    history.record(fresh.publication, "edition_signed_off", by=by, payload={"version": fresh.version}, at=now)
    return fresh


@transaction.atomic
def approve(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """Approve an edition in review.

    Raises WrongState, SignOffMissing, CommentsOpen, or SamePerson for whoever sent it there or signed it off.
    """
    fresh = locked(edition)
    check_move(fresh, State.APPROVED)
    moment = now or database_now()
    if rules.needs_sign_off(fresh):
        raise SignOffMissing
    if rules.comments_open(fresh, moment):
        raise CommentsOpen
    if rules.is_own(by, fresh):
        raise SamePerson
    fresh.approved_at, fresh.approved_by = moment, by
    return move(fresh, State.APPROVED, by=by, now=now)


@transaction.atomic
def return_to_draft(*, edition: Edition, by: User, reason: str, now: dt.datetime | None = None) -> Edition:
    """Send an edition back from review, or what was approved, with a reason. Raises WrongState or ReasonMissing."""
    fresh = locked(edition)
    check_move(fresh, State.DRAFT)
    if not reason.strip():
        raise ReasonMissing
    fresh.submitted_at = fresh.submitted_by = fresh.comments_until = None
    fresh.signed_off_at = fresh.signed_off_by = None
    fresh.approved_at = fresh.approved_by = fresh.publish_at = None
    return move(fresh, State.DRAFT, by=by, now=now, reason=reason.strip())


def _tell(edition: Edition, moment: dt.datetime) -> None:
    """Ask the group for comments, and its leaders for their sign-off; each person once for each review."""
    letters = _letters(edition, SIGN_OFF_LETTER, rules.leaders_of(edition.publication_id), moment)
    if edition.comments_until is not None:
        members = Membership.objects.active().filter(group__publications=edition.publication_id)
        letters += _letters(edition, COMMENT_LETTER, members, moment)
    notices.queue(letters)


def _letters(edition: Edition, kind: str, readers: QuerySet[Membership], moment: dt.datetime) -> list[Notice]:
    if kind == SIGN_OFF_LETTER and edition.signed_off_at is not None:
        return []
    people = User.objects.filter(pk__in=readers.values("user"), is_active=True)
    if edition.submitted_by_id:
        people = people.exclude(pk=edition.submitted_by_id)
    key = f"{kind}:{edition.pk}:{moment.isoformat()}"
    expires = edition.comments_until if kind == COMMENT_LETTER else None
    return [
        notices.planned(kind, edition, f"{key}:{person.pk}", person, due_at=moment, expires_at=expires)
        for person in people.order_by("pk")
    ]
