"""Who may do what in a group. Every answer defaults to no."""

from django.db.models import BigIntegerField, QuerySet

from history.prepared import Key, Prepared
from people.models import User
from people.readers import anybody
from workinggroups.models import Membership, WorkingGroup

Role = Membership.Role
STEERING = {Role.LEADER}
WRITING = {Role.LEADER, Role.RAPPORTEUR}
LED = [Role.MEMBER, Role.OBSERVER]  # a leader hands out neither powers nor takes them


def role_in(user: object, group: WorkingGroup) -> str | None:
    """Return the role of the person's active membership, or None."""
    if not isinstance(user, User) or not user.is_active:
        return None
    membership = SEAT.first(user=user.pk, group=group.pk)
    return membership.role if membership else None


def _seat() -> QuerySet[Membership]:
    keys = {name: Key(name, BigIntegerField()) for name in ("user", "group")}
    return Membership.objects.filter(**keys, status=Membership.Status.ACTIVE).order_by("pk")


SEAT = Prepared(_seat)


def is_secretariat(user: object) -> bool:
    return isinstance(user, User) and user.is_active and user.is_secretariat


def can_enter(user: object, group: WorkingGroup) -> bool:
    """May see the members' area of the group."""
    return is_secretariat(user) or role_in(user, group) is not None


def can_steer(user: object, group: WorkingGroup) -> bool:
    """May schedule meetings, run rounds, decide a focus, sort the register."""
    return is_secretariat(user) or role_in(user, group) in STEERING


def can_write(user: object, group: WorkingGroup) -> bool:
    """May draft minutes and outcomes."""
    return is_secretariat(user) or role_in(user, group) in WRITING


def can_edit(user: object, group: WorkingGroup) -> bool:  # noqa: ARG001 - the same for every group
    """May change what the group's page says."""
    return is_secretariat(user)


def can_invite(user: object, group: WorkingGroup, role: str) -> bool:
    """The secretariat invites anybody; a leader invites members of the own group only."""
    return is_secretariat(user) or (role == Role.MEMBER and role_in(user, group) in STEERING)


def roles_to_invite(user: object, group: WorkingGroup) -> list[Role]:
    """The roles the person may invite somebody for; none for most."""
    return [role for role in Role if can_invite(user, group, role)]


def can_manage(user: object, group: WorkingGroup, role: str) -> bool:
    """May change or end a membership of that role: a leader those of members and observers of the own group."""
    return is_secretariat(user) or (role in LED and role_in(user, group) in STEERING)


def roles_to_give(user: object, group: WorkingGroup) -> list[Role]:
    """The roles the person may turn a membership into."""
    return [role for role in Role if can_manage(user, group, role)]


def has_desk(user: object) -> bool:
    """The desk is for the secretariat and for leaders."""
    return is_secretariat(user) or (isinstance(user, User) and bool(LED_BY.ask(reader=user.pk)))


LED_BY = Prepared(lambda: WorkingGroup.objects.led_by(anybody(is_secretariat=False)).only("pk").order_by()[:1])
