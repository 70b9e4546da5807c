"""The people of the flows: one group with a secretariat beside it, everybody with a password."""

import datetime as dt
from dataclasses import dataclass

from challenges.models import Challenge
from people.actions import Profile, create_account
from people.models import Helix, User
from tests import factories
from tests.flows.visitor import Visitor
from workinggroups.models import Membership, WorkingGroup

PASSWORD = "eleven horses and a lake"
MEMBERS = 6
CHALLENGES = ("Capacity", "Alignment", "Funding")


@dataclass
class Community:
    """A working group, whoever runs it, and what it could rank."""

    group: WorkingGroup
    challenges: list[Challenge]
    secretariat: User
    leader: User
    stranger: User
    members: list[User]
    visited: bool = False

    def visit(self, person: User) -> Visitor:
        """Return the person on the dashboard: the first of a module comes through the form, others were signed in."""
        first, self.visited = not self.visited, True
        return Visitor().sign_in(person.email, PASSWORD) if first else Visitor().come_back(person)


def account(name: str, helix: str = "") -> User:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return create_account(email=email, password=PASSWORD, profile=Profile(name, helix=helix))


def joined(group: WorkingGroup, person: User, role: str) -> User:
    Membership.objects.create(group=group, user=person, role=role, started_on=dt.date(2023, 6, 1))
    return person


def community() -> Community:
    group = factories.group(name="Interregional collaboration", slug="interregional-collaboration")
    office = account("Petra Office")
    office.is_secretariat = True
    office.save(update_fields=["is_secretariat"])
    names = [(f"Member {n}", helix) for n, helix in zip(range(1, MEMBERS + 1), Helix.values * 2, strict=False)]
    return Community(
        group=group,
        challenges=[factories.challenge(group, title=title, slug=title.lower()) for title in CHALLENGES],
        secretariat=office,
        leader=joined(group, account("Lea Leader", Helix.ACADEMIA), Membership.Role.LEADER),
        stranger=account("Sam Stranger", Helix.BUSINESS),
        members=[joined(group, account(name, helix), Membership.Role.MEMBER) for name, helix in names],
    )
