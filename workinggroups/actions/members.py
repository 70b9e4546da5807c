"""The verbs of memberships: invite, answer an invitation, add a member, change a role, pause, resume, end.

What the public page counts goes into the group's public history without a name; who it was stays with the membership.
"""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from psycopg.errors import ExclusionViolation, UniqueViolation

from history.actions import record
from history.clock import database_now
from notices.actions import planned, queue
from people.actions import Profile, create_account
from people.models import User
from workinggroups import errors
from workinggroups.models import Invitation, Membership, WorkingGroup

INVITATION_LETTER = "workinggroups.invitation"
Status, State = Membership.Status, Invitation.State


def account_of(email: str) -> User | None:
    """Return the person with this address, or one who proved that it is theirs as well."""
    own = Q(email__iexact=email) | Q(emailaddress__email__iexact=email, emailaddress__verified=True)
    return User.objects.filter(own).order_by("pk").first()


# -- memberships ----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_member(
    *,
    group: WorkingGroup,
    user: User,
    role: str,
    started_on: dt.date,
    by: User | None,
    now: dt.datetime | None = None,
) -> Membership:
    """Make the person a member from that day on. Raises AlreadyMemberError, also for an overlapping former period."""
    try:
        with transaction.atomic():
            membership = Membership.objects.create(group=group, user=user, role=role, started_on=started_on)
    except IntegrityError as error:
        if not isinstance(error.__cause__, (ExclusionViolation, UniqueViolation)):
            raise
        raise errors.AlreadyMemberError from error
    record(membership, "joined", by=by, payload={"role": role}, at=now)
    record(group, "member_joined", payload={"role": role}, public=True, at=now)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User, now: dt.datetime | None = None) -> Membership:
    """Give the membership another role. Raises MembershipEndedError."""
    held = _living(membership)
    if held.role == role:
        return held
    payload = {"from": held.role, "to": role}
    held.role = role
    held.save(update_fields=["role"])
    record(held, "role_changed", by=by, payload=payload, at=now)
    record(held.group, "role_changed", payload=payload, public=True, at=now)
    return held


@transaction.atomic
def end_membership(
    *,
    membership: Membership,
    by: User,
    ended_on: dt.date | None = None,
    reason: str = "",
    now: dt.datetime | None = None,
) -> Membership:
    """End the membership; `ended_on` is the first day on which it no longer holds, at the latest today.

    Raises MembershipEndedError, EndsBeforeStartError, EndsLaterError.
    """
    held = _living(membership)
    today = (now or database_now()).date()
    last = ended_on or today
    if last > today:
        raise errors.EndsLaterError
    if last < held.started_on:
        raise errors.EndsBeforeStartError
    held.status, held.ended_on = Status.ENDED, last
    held.save(update_fields=["status", "ended_on"])
    record(held, "left", by=by, reason=reason, at=now)
    record(held.group, "member_left", payload={"role": held.role}, public=True, at=now)
    return held


@transaction.atomic
def pause_membership(
    *, membership: Membership, by: User, reason: str = "", now: dt.datetime | None = None
) -> Membership:
    """Let the membership rest. Until it goes on the person is neither counted nor asked, and sees what strangers see.

    What is coming leaves their calendar by the next tick of reminders, as for somebody who leaves.
    Raises MembershipEndedError, AlreadyPausedError.
    """
    held = _living(membership)
    if held.status == Status.PAUSED:
        raise errors.AlreadyPausedError
    return _turn(held, Status.PAUSED, "paused", by=by, reason=reason, now=now)


@transaction.atomic
def resume_membership(
    *, membership: Membership, by: User, reason: str = "", now: dt.datetime | None = None
) -> Membership:
    """Let a paused membership go on, in its role; the person is invited anew.

    Raises MembershipEndedError, NotPausedError.
    """
    held = _living(membership)
    if held.status != Status.PAUSED:
        raise errors.NotPausedError
    return _turn(held, Status.ACTIVE, "resumed", by=by, reason=reason, now=now)


def _turn(
    held: Membership, status: Membership.Status, verb: str, *, by: User, reason: str, now: dt.datetime | None
) -> Membership:
    held.status = status
    held.save(update_fields=["status"])
    record(held, verb, by=by, reason=reason, at=now)
    record(held.group, f"member_{verb}", payload={"role": held.role}, public=True, at=now)
    return held


def _living(membership: Membership) -> Membership:
    """Lock the membership and return it as it is now."""
    held = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=membership.pk)
    if Status.ENDED not in Membership.TRANSITIONS[Status(held.status)]:
        raise errors.MembershipEndedError
    return held


# -- invitations ----------------------------------------------------------------------------------------------------
@transaction.atomic
def invite(
    *, group: WorkingGroup, email: str, role: str, by: User, helix: str = "", now: dt.datetime | None = None
) -> Invitation:
    """Invite a person by a letter with a signed link.

    Raises AlreadyMemberError, AlreadyInvitedError, AccountClosedError.
    """
    WorkingGroup.objects.select_for_update(no_key=True).get(pk=group.pk)  # two invitations at once: one waits
    moment = now or database_now()
    pending = group.invitations.pending().filter(email__iexact=email)
    for stale in pending.filter(expires_at__lte=moment):
        _answer(stale, State.EXPIRED, by=None, now=moment)
    if pending.exists():
        raise errors.AlreadyInvitedError
    account = account_of(email)
    _refuse_account(account, group)
    invitation = Invitation.objects.create(
        group=group,
        email=email.strip().lower(),
        role=role,
        helix=helix,
        invited_by=by,
        invited_at=moment,
        expires_at=moment + dt.timedelta(days=settings.INVITATION_DAYS),
    )
    record(invitation, "invited", by=by, payload={"role": role}, at=now)
    _write(invitation, account, moment)
    return invitation


@transaction.atomic
def invite_all(
    *, group: WorkingGroup, emails: Sequence[str], role: str, by: User, helix: str = "", now: dt.datetime | None = None
) -> list[Invitation]:
    """Invite these people or, where one of them cannot be, nobody. Raises NotAllInvitedError."""
    invited, reasons = [], {}
    for email in emails:
        try:
            invited.append(invite(group=group, email=email, role=role, by=by, helix=helix, now=now))
        except errors.GroupError as error:
            reasons[email] = str(error)
    if reasons:
        raise errors.NotAllInvitedError(reasons)
    return invited


def _refuse_account(account: User | None, group: WorkingGroup) -> None:
    if account is None:
        return
    if not account.is_active:
        raise errors.AccountClosedError
    if account.memberships.filter(group=group, ended_on=None).exists():
        raise errors.AlreadyMemberError


def _write(invitation: Invitation, account: User | None, now: dt.datetime) -> None:
    key = f"{INVITATION_LETTER}:{invitation.pk}"
    to = account or invitation.email
    queue([planned(INVITATION_LETTER, invitation, key, to, due_at=now, expires_at=invitation.expires_at)])


@transaction.atomic
def accept(*, invitation: Invitation, by: User, now: dt.datetime | None = None) -> Membership:
    """Join the group with an account that exists.

    Raises NotInvitedError, AlreadyMemberError, InvitationSpentError, InvitationExpiredError.
    """
    held, moment = _open(invitation, now)
    if account_of(held.email) != by:
        raise errors.NotInvitedError
    return _join(held, by, moment)


@transaction.atomic
def accept_as_newcomer(
    *, invitation: Invitation, profile: Profile, password: str, now: dt.datetime | None = None
) -> Membership:
    """Create the account and the membership, both or none.

    Raises AddressTakenError, InvitationSpentError, InvitationExpiredError.
    """
    held, moment = _open(invitation, now)
    user = create_account(email=held.email, password=password, profile=profile, now=moment)
    return _join(held, user, moment)


@transaction.atomic
def decline(*, invitation: Invitation, now: dt.datetime | None = None) -> Invitation:
    """The invited person says no. Raises InvitationSpentError, InvitationExpiredError."""
    held, moment = _open(invitation, now)
    return _answer(held, State.DECLINED, by=None, now=moment)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, now: dt.datetime | None = None) -> Invitation:
    """Take the invitation back; its link no longer works. Raises InvitationSpentError, InvitationExpiredError."""
    held, moment = _open(invitation, now)
    return _answer(held, State.WITHDRAWN, by=by, now=moment)


@transaction.atomic
def expire_invitations(*, now: dt.datetime | None = None, batch: int = 200) -> int:
    """Close what nobody answered in time; return how many. Rows somebody answers at this moment are left to them."""
    moment = now or database_now()
    late = Invitation.objects.pending().filter(expires_at__lte=moment).order_by("pk")
    rows = list(late.select_for_update(skip_locked=True, no_key=True)[:batch])
    for invitation in rows:
        _answer(invitation, State.EXPIRED, by=None, now=moment)
    return len(rows)


def _open(invitation: Invitation, now: dt.datetime | None) -> tuple[Invitation, dt.datetime]:
    """Lock the invitation, read the clock after that, and refuse one that is spent or too old."""
    held = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    moment = now or database_now()
    if held.state != State.PENDING:
        raise errors.InvitationSpentError
    if held.expires_at <= moment:
        raise errors.InvitationExpiredError
    return held, moment


def _join(held: Invitation, user: User, moment: dt.datetime) -> Membership:
    membership = add_member(group=held.group, user=user, role=held.role, started_on=moment.date(), by=user, now=moment)
    held.membership = membership
    _answer(held, State.ACCEPTED, by=user, now=moment)
    return membership


def _answer(held: Invitation, state: Invitation.State, *, by: User | None, now: dt.datetime) -> Invitation:
    held.state, held.answered_at = state, now
    held.save(update_fields=["state", "answered_at", "membership"])
    record(held, state.value, by=by, at=now)
    return held
