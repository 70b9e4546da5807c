"""The inbox of the secretariat and of leaders: what waits for a decision."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from challenges.disclosure.cells import FEW
from challenges.models import Challenge, RankingRound, RoundOption
from meetings.models import Meeting, Minutes
from notices.letters import letter_of
from notices.models import Notice
from outcomes.models import Edition
from people import sessions
from people.models import User
from s3cop.pages.first_steps import first_steps
from workinggroups.models import Invitation, WorkingGroup
from workinggroups.rules import has_desk

Round, Build = RankingRound.State, Edition.State
MANY = 50  # failed letters and proposals shown
WAITING_ROUNDS = [Round.DRAFT, Round.OPEN, Round.CLOSED]
UNDATED = [Meeting.State.DRAFT, Meeting.State.POLLING, Meeting.State.POSTPONED]
WAITING_EDITIONS = [Build.DRAFT, Build.BUILDING, Build.FAILED, Build.READY, Build.IN_REVIEW, Build.APPROVED]


def own_groups(person: User) -> QuerySet[WorkingGroup]:
    """All groups for the secretariat, the led ones for a leader."""
    return WorkingGroup.objects.all() if person.is_secretariat else WorkingGroup.objects.led_by(person)


def rounds(person: User) -> QuerySet[RankingRound]:
    """Rounds to open, watch, close or publish, and published ones whose focus is not decided."""
    of_challenges = Exists(RoundOption.objects.filter(round=OuterRef("pk"), challenge__isnull=False))
    undecided = Q(of_challenges, state=Round.PUBLISHED, focus=None, repeats=None, repeated_by=None)
    visible = RankingRound.objects.visible_to(person).filter(group__in=own_groups(person))
    return (
        visible.filter(Q(state__in=WAITING_ROUNDS) | undecided & Q(ballots_cast__gte=FEW))
        .select_related("group")
        .order_by("state", "closes_at", "pk")
    )


def meetings(person: User) -> QuerySet[Meeting]:
    """Meetings without a date, held ones without minutes, and minutes to finish, approve or (secretariat) publish.

    Annotated with `minutes_state` and `revision` of the newest minutes, None where there are none.
    """
    newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-revision")
    in_work = [Minutes.State.DRAFT, Minutes.State.FOR_COMMENT]
    waiting = [*in_work, Minutes.State.APPROVED] if person.is_secretariat else in_work
    unwritten = Q(state=Meeting.State.HELD, minutes_state=None)
    waits = Q(state__in=UNDATED) | unwritten | Q(state__in=Meeting.OVER, minutes_state__in=waiting)
    own = Meeting.objects.filter(group__in=own_groups(person)).annotate(
        minutes_state=Subquery(newest.values("state")[:1]), revision=Subquery(newest.values("revision")[:1])
    )
    return own.filter(waits).select_related("group").order_by("-sort_day", "pk")[:MANY]


def proposals(person: User) -> QuerySet[Challenge]:
    """Challenges that members named and nobody has taken up or put aside yet, the most supported first."""
    proposed = Challenge.objects.filter(status=Challenge.Status.PROPOSED, group__in=own_groups(person))
    counted = proposed.select_related("group", "parent").annotate(supporters=Count("supports"))
    return counted.order_by("-supporters", "group", "pk")[:MANY]


def editions(person: User) -> QuerySet[Edition]:
    visible = Edition.objects.visible_to(person).filter(state__in=WAITING_EDITIONS)
    own = visible.filter(publication__groups__in=own_groups(person)).distinct()
    return own.select_related("publication").order_by("state", "pk")


def waiting(person: User) -> int:
    """Return how many things stand at the person's desk."""
    return sum(kind(person).count() for kind in (rounds, meetings, proposals, editions))


def failed_letters() -> QuerySet[Notice]:
    """The newest letters that could not be sent, which somebody may try again by hand."""
    return Notice.objects.listed().failed().select_related("recipient", "about_type").order_by("-failed_at")[:MANY]


def site_wide() -> dict[str, Any]:
    """What only the secretariat sees: letters that failed, invitations without an answer, the ledger in numbers."""
    listed = Notice.objects.listed()
    return {
        "failed": [(notice, letter_of(notice.kind).describes) for notice in failed_letters()],
        "letters": listed.aggregate(
            due=Count("pk", filter=Q(state=Notice.State.DUE)), sent=Count("pk", filter=Q(state=Notice.State.SENT))
        ),
        "invitations": Invitation.objects.pending().select_related("group").order_by("expires_at"),
    }


def desk(request: HttpRequest) -> HttpResponse:
    person = sessions.person(request)
    if not has_desk(person):
        raise Http404
    context: dict[str, Any] = {
        "rounds": rounds(person),
        "meetings": meetings(person),
        "proposals": proposals(person),
        "editions": editions(person),
        "is_secretariat": person.is_secretariat,
    }
    if person.is_secretariat:
        context |= site_wide() | {"first_steps": first_steps()}
    return render(request, "pages/desk.html", context)
