"""Records for tests, made as plainly as possible. State that only actions may reach is made by the actions."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from challenges.models import Challenge
from meetings.models import Meeting
from people.models import Helix, Organisation, Region, User
from workinggroups.models import Membership, WorkingGroup

_number = itertools.count(1)


def user(**values: Any) -> User:
    n = next(_number)
    defaults: dict[str, Any] = {
        "email": f"person{n}@example.org",
        "display_name": f"Person {n}",
        "helix": Helix.GOVERNMENT,
    }
    return User.objects.create_user(**(defaults | values))


def secretariat(**values: Any) -> User:
    return user(**({"is_secretariat": True, "helix": "", "display_name": "Secretariat"} | values))


def region(code: str = "BE", **values: Any) -> Region:
    defaults: dict[str, Any] = {"version": "2024", "level": 0, "country": code[:2], "name": code}
    return Region.objects.create(code=code, **(defaults | values))


def organisation(**values: Any) -> Organisation:
    n = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"organisation-{n}",
        "name": f"Organisation {n}",
        "kind": Organisation.Kind.UNIVERSITY,
    }
    return Organisation.objects.create(**(defaults | values))


def group(**values: Any) -> WorkingGroup:
    n = next(_number)
    return WorkingGroup.objects.create(
        **({"slug": f"group-{n}", "name": f"Group {n}", "summary": "What it is about."} | values)
    )


def member(of: WorkingGroup, *, role: str = Membership.Role.MEMBER, person: User | None = None, **values: Any) -> User:
    """Return a person with an active membership in the group; `values` are the person's."""
    person = person or user(**values)
    Membership.objects.create(group=of, user=person, role=role, started_on=dt.date(2023, 6, 1))
    return person


def leader(of: WorkingGroup, **values: Any) -> User:
    return member(of, role=Membership.Role.LEADER, **values)


def meeting(of: WorkingGroup, *, starts_in: dt.timedelta = dt.timedelta(days=20), **values: Any) -> Meeting:
    """Return a scheduled meeting of two hours, starting so long from now; without letters."""
    n = next(_number)
    starts_at = (timezone.now() + starts_in).replace(microsecond=0)
    defaults: dict[str, Any] = {
        "slug": f"meeting-{n}",
        "title": f"Meeting {n}",
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(hours=2),
        "state": Meeting.State.SCHEDULED,
        "announced_at": timezone.now(),
        "place": "Brussels",
    }
    return Meeting.objects.create(group=of, **(defaults | values))


def challenge(of: WorkingGroup, **values: Any) -> Challenge:
    n = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"challenge-{n}",
        "title": f"Challenge {n}",
        "text": "What it means.",
        "status": Challenge.Status.IDENTIFIED,
        "position": n,
    }
    return Challenge.objects.create(group=of, **(defaults | values))
