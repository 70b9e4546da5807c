"""Who may do what with publications. Every answer defaults to no."""

import datetime as dt

from django.conf import settings
from django.db.models import Q, QuerySet

from outcomes.models import Edition, Publication
from people.models import User
from workinggroups.models import Membership, WorkingGroup
from workinggroups.rules import STEERING, WRITING, is_secretariat

State = Edition.State


def groups_of(user: object, roles: set[Membership.Role]) -> QuerySet[WorkingGroup]:
    """Groups in which the person has one of the roles now; all of them for the secretariat."""
    if not isinstance(user, User) or not user.is_active:
        return WorkingGroup.objects.none()
    if user.is_secretariat:
        return WorkingGroup.objects.all()
    held = Q(memberships__user=user, memberships__role__in=roles, memberships__status=Membership.Status.ACTIVE)
    return WorkingGroup.objects.filter(held)


def can_start(user: object) -> bool:
    """May begin a publication for some group."""
    return isinstance(user, User) and groups_of(user, WRITING).exists()


def can_write(user: object, publication: Publication) -> bool:
    """Leaders, rapporteurs and the secretariat draft, build and send to review."""
    return is_secretariat(user) or groups_of(user, WRITING).filter(publications=publication).exists()


def leaders_of(publication: Publication | int) -> QuerySet[Membership]:
    """The active leaders of the publication's groups."""
    active = Membership.objects.active().filter(role=Membership.Role.LEADER)
    return active.filter(group__publications=publication)


def needs_sign_off(edition: Edition) -> bool:
    """A leader signs off before anybody approves, where a group of the publication has one."""
    return edition.signed_off_at is None and leaders_of(edition.publication_id).exists()


def can_sign_off(user: object, edition: Edition) -> bool:
    """A leader of one of the groups, once."""
    if edition.state != State.IN_REVIEW or edition.signed_off_at is not None or not isinstance(user, User):
        return False
    return leaders_of(edition.publication_id).filter(user=user).exists()


def can_approve(user: object, edition: Edition) -> bool:
    """A leader or the secretariat after the leader's sign-off, but none who took a step before, unless set so."""
    if edition.state != State.IN_REVIEW or is_own(user, edition) or needs_sign_off(edition):
        return False
    return is_secretariat(user) or groups_of(user, STEERING).filter(publications=edition.publication_id).exists()


def is_own(user: object, edition: Edition) -> bool:
    """Whether a second person is needed because this one sent the edition to review, or signed it off."""
    earlier = {edition.submitted_by_id, edition.signed_off_by_id}
    return bool(settings.SECOND_PERSON_APPROVES and isinstance(user, User) and user.pk in earlier)


def approvers(edition: Edition) -> QuerySet[User]:
    """Who may approve the edition now; nobody where it is too early, or all who could have taken a step before."""
    if edition.state != State.IN_REVIEW or needs_sign_off(edition):
        return User.objects.none()
    steering = leaders_of(edition.publication_id).values("user")
    able: QuerySet[User] = User.objects.filter(Q(is_secretariat=True) | Q(pk__in=steering), is_active=True)
    if settings.SECOND_PERSON_APPROVES:
        able = able.exclude(pk__in=[pk for pk in (edition.submitted_by_id, edition.signed_off_by_id) if pk])
    return able.order_by("display_name", "pk")


def can_comment(user: object, edition: Edition, now: dt.datetime) -> bool:
    """Whoever belongs to one of the groups, while the edition is in review and its round of comments is open."""
    if edition.state != State.IN_REVIEW or not comments_open(edition, now):
        return False
    return (
        is_secretariat(user)
        or groups_of(user, set(Membership.Role)).filter(publications=edition.publication_id).exists()
    )


def comments_open(edition: Edition, now: dt.datetime) -> bool:
    return edition.comments_until is not None and now < edition.comments_until


def can_end_comments(user: object, edition: Edition) -> bool:
    """A leader or the secretariat decides that enough has been said."""
    return is_secretariat(user) or groups_of(user, STEERING).filter(publications=edition.publication_id).exists()


def can_return(user: object, edition: Edition) -> bool:
    """Who approves may also send back, and who sent it may take it back; what is approved, the secretariat alone."""
    if edition.state == State.APPROVED:
        return is_secretariat(user)
    return edition.state == State.IN_REVIEW and can_write(user, edition.publication)


def can_publish(user: object, edition: Edition) -> bool:
    return edition.state == State.APPROVED and is_secretariat(user)


def can_withdraw(user: object, edition: Edition) -> bool:
    return edition.state == State.PUBLISHED and is_secretariat(user)


def can_set_doi(user: object, edition: Edition) -> bool:
    """The secretariat stores what the registration agency gave; a build that runs comes first."""
    return edition.state != State.BUILDING and is_secretariat(user)


def can_edit_references(user: object) -> bool:
    """The secretariat keeps the list of works of others."""
    return is_secretariat(user)
