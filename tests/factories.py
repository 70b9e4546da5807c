"""Records for tests, made as plainly as possible. State that only actions may reach is made by the actions."""

import datetime as dt
import itertools
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from challenges import actions, paper, receipts
from challenges.actions import Plan
from challenges.models import Ballot, Challenge, Elector, RankingRound, Receipt
from meetings.models import Meeting
from outcomes import actions as outcomes
from outcomes.models import Edition, Publication
from outcomes.rules import leaders_of
from people.models import Helix, Organisation, Region, User
from workinggroups.models import Membership, WorkingGroup

_number = itertools.count(10_001)  # all of as many digits: by name they stand in the order in which they were made
JOINED = dt.date(2023, 6, 1)


def user(**values: Any) -> User:
    return User.objects.create_user(**_person(values))


def _person(values: dict[str, Any]) -> dict[str, Any]:
    n = next(_number)
    defaults = {"email": f"person{n}@example.org", "display_name": f"Person {n}", "helix": Helix.GOVERNMENT}
    return defaults | values


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
    Membership.objects.create(group=of, user=person, role=role, started_on=JOINED)
    return person


def members(of: WorkingGroup, *helices: str) -> None:
    """Let one person of each helix join the group, in this order; two statements for all."""
    people = [User(**_person({"helix": helix, "password": make_password(None)})) for helix in helices]
    seats = [Membership(group=of, user=person, started_on=JOINED) for person in User.objects.bulk_create(people)]
    Membership.objects.bulk_create(seats)


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
    made = _challenge(of, values)
    made.save(force_insert=True)
    return made


def _challenge(of: WorkingGroup, values: dict[str, Any]) -> Challenge:
    n = next(_number)
    defaults: dict[str, Any] = {
        "slug": f"challenge-{n}",
        "title": f"Challenge {n}",
        "text": "What it means.",
        "status": Challenge.Status.IDENTIFIED,
        "position": n % 9_999 + 1,  # a form takes no larger one
    }
    return Challenge(group=of, **(defaults | values))


def plan(of: WorkingGroup, *, options: int | list[Challenge] = 3, **values: Any) -> Plan:
    """Return the plan of a round on new challenges (or the given ones), open until tomorrow."""
    chosen = options
    if isinstance(chosen, int):
        chosen = Challenge.objects.bulk_create(_challenge(of, {}) for _ in range(chosen))
    defaults: dict[str, Any] = {
        "title": "Main challenges",
        "question": "Which challenges hold you back most?",
        "closes_at": timezone.now() + dt.timedelta(days=1),
    }
    return Plan(group=of, options=chosen, **(defaults | values))


def round_(of: WorkingGroup, *, by: User | None = None, **values: Any) -> RankingRound:
    """Return a draft round."""
    return actions.create_round(plan=plan(of, **values), by=by)


def open_round(of: WorkingGroup, *, electors: int = 0, **values: Any) -> RankingRound:
    """Return an open round; `electors` members join the group first, their helices in turn."""
    members(of, *itertools.islice(itertools.cycle(Helix.values), electors))
    return actions.open_round(round=round_(of, **values), by=None)


def cast(of: RankingRound, *answers: list[int], skip: int = 0) -> None:
    """Cast one ballot for each list of answers, in the order of the electors; `skip` leaves out the first ones."""
    options = list(of.options.order_by("position").values_list("pk", flat=True))
    for seat, answer in _answering(of, answers, skip):
        actions.cast_ballot(round=of, by=seat.user, ranks=dict(zip(options, answer, strict=True)))


def vote(of: RankingRound, *answers: list[int], skip: int = 0) -> None:
    """Leave what casting leaves, with a statement for each table; whoever has voted before casts."""
    pairs = _answering(of, answers, skip)
    if any(seat.has_voted for seat, _answer in pairs):
        cast(of, *answers, skip=skip)
        return
    Ballot.objects.bulk_create(
        Ballot(round=of, elector=seat, helix=seat.helix, ranks=paper.close_gaps(answer)) for seat, answer in pairs
    )
    Receipt.objects.bulk_create(
        Receipt(digest=receipts.digest(receipts.draw()), round=of, elector=seat) for seat, _answer in pairs
    )
    of.electors.filter(pk__in=[seat.pk for seat, _answer in pairs]).update(has_voted=True)
    RankingRound.objects.filter(pk=of.pk).update(ballots_cast=F("ballots_cast") + len(pairs))


def _answering(of: RankingRound, answers: tuple[list[int], ...], skip: int) -> list[tuple[Elector, list[int]]]:
    seats = of.electors.order_by("pk").select_related("user")[skip : skip + len(answers)]
    return list(zip(seats, answers, strict=False))


def published_round(of: WorkingGroup, *answers: list[int], **values: Any) -> RankingRound:
    """Return a round that was opened, voted on, closed and published; as many electors as ballots."""
    values.setdefault("options", len(answers[0]) if answers else 3)
    opened = open_round(of, electors=len(answers), **values)
    vote(opened, *answers)
    actions.close_round(round=opened, by=None)
    return actions.publish_round(round=opened, by=secretariat())


def publication(of: WorkingGroup, **values: Any) -> Publication:
    """Return a publication of the group without editions."""
    n = next(_number)
    defaults: dict[str, Any] = {"slug": f"publication-{n}", "kind": Publication.Kind.REPORT, "groups": [of], "by": None}
    return outcomes.start_publication(**(defaults | values))


def drafted_edition(of: Publication, *sources: Any, **prose: Any) -> Edition:
    """Return the next edition, not built."""
    words = {"title": "What holds regions back", "abstract": "Members ranked challenges.", "plain_summary": "In short."}
    return outcomes.plan_edition(publication=of, sources=sources, by=None, **(words | prose))


def built_edition(of: Publication, *sources: Any, **prose: Any) -> Edition:
    """Return the next edition, ready for review."""
    asked = outcomes.request_build(edition=drafted_edition(of, *sources, **prose), by=None)
    return outcomes.build_edition(asked.pk)


def published_edition(of: Publication, *sources: Any, now: dt.datetime | None = None, **prose: Any) -> Edition:
    """Return the next edition, published; the one before it is superseded."""
    edition = outcomes.submit(edition=built_edition(of, *sources, **prose), by=secretariat())
    if seat := leaders_of(of).order_by("pk").first():
        outcomes.sign_off(edition=edition, by=seat.user)
    office = secretariat()
    outcomes.approve(edition=edition, by=office)
    return outcomes.publish_edition(edition=edition, by=office, now=now)
