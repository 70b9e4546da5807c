"""Who may do what with a meeting. Every answer defaults to no."""

import datetime as dt
from dataclasses import dataclass

from django.db import models

from meetings.models import Meeting
from people.models import User
from workinggroups.models import Membership, WorkingGroup, WorkingGroupQuerySet
from workinggroups.rules import STEERING, WRITING, is_secretariat, role_in

Role = Membership.Role
SPEAKING = {Role.MEMBER, Role.RAPPORTEUR, Role.LEADER}


@dataclass(frozen=True)
class Standing:
    """What one person may do with one meeting; asked once for a page."""

    state: Meeting.State
    is_invited: bool  # every active member of the group, whatever the role
    can_join: bool  # sees the join link, and who replied what
    can_plan: bool  # edits, moves, postpones, cancels, approves minutes, and sees who got which letter
    can_write: bool = False  # minutes and papers
    can_comment: bool = False  # on minutes; observers only read
    can_publish: bool = False  # minutes

    @property
    def can_edit(self) -> bool:
        return self.can_plan and self.state in Meeting.PLANNED

    def can_become(self, state: Meeting.State) -> bool:
        return self.can_plan and state in Meeting.TRANSITIONS[self.state]

    @property
    def can_cancel(self) -> bool:
        return self.can_become(Meeting.State.CANCELLED)

    @property
    def can_postpone(self) -> bool:
        return self.can_become(Meeting.State.POSTPONED)

    @property
    def can_ask_for_date(self) -> bool:
        return self.can_become(Meeting.State.POLLING) or (self.can_plan and self.state == Meeting.State.POLLING)


def standing(user: object, meeting: Meeting) -> Standing:
    return standing_in(user, meeting, role_in(user, meeting.group))


def standing_in(user: object, meeting: Meeting, role: str | None) -> Standing:
    """Return the same for somebody whose role in the group is known."""
    office = is_secretariat(user)
    return Standing(
        state=Meeting.State(meeting.state),
        is_invited=role is not None,
        can_join=office or role is not None,
        can_plan=office or role in STEERING,
        can_write=office or role in WRITING,
        can_comment=office or role in SPEAKING,
        can_publish=office,
    )


def role_at(person: User) -> models.Subquery:
    """An annotation for the query of a meeting: the role of the person's active membership in its group."""
    own = Membership.objects.active().filter(user=person, group=models.OuterRef("group"))
    return models.Subquery(own.order_by().values("role")[:1])


def is_invited(user: object, meeting: Meeting) -> bool:
    return role_in(user, meeting.group) is not None


def speakers(group: int) -> models.QuerySet[Membership]:
    """The active memberships of a group (by its id) whose people may say something about minutes."""
    return Membership.objects.active().filter(group=group, role__in=SPEAKING)


def takes_replies(meeting: Meeting, now: dt.datetime) -> bool:
    """Until it starts; the clock decides, not the schedule."""
    return meeting.state == Meeting.State.SCHEDULED and meeting.starts_at is not None and now < meeting.starts_at


def steered_by(user: User) -> WorkingGroupQuerySet:
    """The groups for which the person may schedule meetings, by name."""
    groups = WorkingGroup.objects.active()
    led = groups if user.is_secretariat else groups.filter(pk__in=WorkingGroup.objects.led_by(user).values("pk"))
    return led.order_by("name", "pk")


def can_plan_webinars(user: object) -> bool:
    """Webinars and conferences are the whole community's, and so the secretariat's."""
    return is_secretariat(user)
