"""Who may do what with publications. Every answer defaults to no."""

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
    return groups_of(user, WRITING).exists()


def can_write(user: object, publication: Publication) -> bool:
    """Leaders, rapporteurs and the secretariat draft, build and send to review."""
    return is_secretariat(user) or groups_of(user, WRITING).filter(publications=publication).exists()


def can_approve(user: object, edition: Edition) -> bool:
    """A leader or the secretariat, but not who sent it to review, unless the setting allows it."""
    if edition.state != State.IN_REVIEW or is_own(user, edition):
        return False
    return is_secretariat(user) or groups_of(user, STEERING).filter(publications=edition.publication_id).exists()


def is_own(user: object, edition: Edition) -> bool:
    """Whether a second person is needed because this one sent the edition to review."""
    return bool(settings.SECOND_PERSON_APPROVES and isinstance(user, User) and edition.submitted_by_id == user.pk)


def can_return(user: object, edition: Edition) -> bool:
    """Who approves may also send back, and who sent it may take it back."""
    return edition.state == State.IN_REVIEW and can_write(user, edition.publication)


def can_publish(user: object, edition: Edition) -> bool:
    return edition.state == State.APPROVED and is_secretariat(user)


def can_withdraw(user: object, edition: Edition) -> bool:
    return edition.state == State.PUBLISHED and is_secretariat(user)


def can_edit_references(user: object) -> bool:
    """The secretariat keeps the list of works of others."""
    return is_secretariat(user)
