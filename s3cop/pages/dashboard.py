"""What awaits one person: ballots, replies, the next meetings of the own groups."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from challenges.models import Elector, RankingRound, RoundOption
from history.clock import database_now
from meetings.models import ActionPoint, Attendee, DateAnswer, DatePoll, Meeting, Minutes, MinutesComment
from meetings.rules import SPEAKING
from outcomes.models import Edition, EditionComment, Publication
from people import sessions
from people.models import User
from s3cop.pages import desk
from workinggroups.models import Membership
from workinggroups.rules import STEERING

FEW = 5
MEMORY = timedelta(days=365)  # after it nobody is asked for minutes any more


@dataclass(frozen=True)
class Awaiting:
    """The kinds of things that wait for somebody."""

    ballots: list[Elector]
    replies: list[Attendee]
    overdue: list[ActionPoint]
    actions: list[ActionPoint]
    polls: list[DatePoll]
    reviews: list[Edition]
    comments: list[Minutes]
    minutes: list[Meeting]

    def __len__(self) -> int:
        return sum(len(kind) for kind in vars(self).values())


def ballots(person: User, now: datetime) -> list[Elector]:
    """Return the person's seats in open rounds; those that close first come first.

    Each knows `on_text`: whether the round asks yes or no to a text.
    """
    on_challenges = RoundOption.objects.filter(round=OuterRef("round"), challenge__isnull=False)
    seats = Elector.objects.filter(user=person, round__state=RankingRound.State.OPEN)
    seats = seats.exclude(round__closes_at__lte=now).select_related("round__group")
    return list(seats.annotate(on_text=~Exists(on_challenges)).order_by("round__closes_at", "pk"))


def replies(person: User, now: datetime) -> list[Attendee]:
    """Return the invitations to coming meetings that the person has not answered."""
    unanswered = Attendee.objects.filter(user=person, reply=Attendee.Reply.NONE)
    coming = unanswered.filter(meeting__state=Meeting.State.SCHEDULED, meeting__starts_at__gt=now)
    return list(coming.select_related("meeting__group").order_by("meeting__starts_at", "pk"))


def polls(groups: list[int], person: User, now: datetime) -> list[DatePoll]:
    """Return the date polls of the person's groups without an answer of theirs; what ends first comes first."""
    asking = DatePoll.objects.answerable(now).filter(meeting__group__in=groups)
    mine = DateAnswer.objects.filter(slot__poll=OuterRef("pk"), user=person)
    return list(asking.exclude(Exists(mine)).select_related("meeting__group").order_by("closes_at", "pk"))


def reviews(groups: list[int], person: User, now: datetime) -> list[Edition]:
    """Return the editions on which the person's groups may comment and the person has not; what ends first first."""
    own = Publication.objects.filter(groups__in=groups)
    asking = Edition.objects.short().filter(state=Edition.State.IN_REVIEW, comments_until__gt=now, publication__in=own)
    said = EditionComment.objects.filter(edition=OuterRef("pk"), by=person)
    waiting = asking.exclude(submitted_by=person).exclude(Exists(said)).select_related("publication")
    return list(waiting.order_by("comments_until", "pk"))


def comments(seats: list[Membership], person: User, now: datetime) -> list[Minutes]:
    """Return the minutes on which the person's groups may comment and the person has not; what ends first first."""
    groups = [seat.group_id for seat in seats if seat.role in SPEAKING]
    asking = Minutes.objects.filter(state=Minutes.State.FOR_COMMENT, meeting__group__in=groups)
    asking = asking.filter(Q(comments_by=None) | Q(comments_by__gt=now)).exclude(written_by=person)
    said = MinutesComment.objects.filter(minutes=OuterRef("pk"), by=person)
    waiting = asking.exclude(Exists(said)).select_related("meeting__group").defer("text", "html")
    return list(waiting.order_by("comments_by", "pk"))


def minutes(seats: list[Membership], now: datetime) -> list[Meeting]:
    """Return the meetings of the last year whose minutes the person, a rapporteur, has to write or to finish.

    Each knows `minutes_state`: "draft", or None where nothing is written.
    """
    groups = [seat.group_id for seat in seats if seat.role == Membership.Role.RAPPORTEUR]
    if not groups:
        return []
    newest = Minutes.objects.filter(meeting=OuterRef("pk")).order_by("-revision").values("state")[:1]
    held = Meeting.objects.filter(group__in=groups, ends_at__gt=now - MEMORY, ends_at__lte=now)
    told = held.annotate(minutes_state=Subquery(newest)).select_related("group")
    unwritten = Q(state=Meeting.State.HELD, minutes_state=None)
    begun = Q(state__in=Meeting.OVER, minutes_state=Minutes.State.DRAFT)
    return list(told.filter(unwritten | begun).order_by("ends_at", "pk"))


def action_points(person: User, today: date) -> tuple[list[ActionPoint], list[ActionPoint]]:
    """Return what the person has taken on and not done: overdue, and not yet; what is due first comes first."""
    open_ones = ActionPoint.objects.open().filter(owner=person).select_related("meeting").order_by("due", "pk")
    late = [point for point in open_ones if point.due and point.due < today]
    return late, [point for point in open_ones if point not in late]


def _theirs(person: User, groups: list[int], name: str = "group") -> Q:
    """What belongs to the person's groups; to any for the secretariat, which works for all of them."""
    return Q() if person.is_secretariat else Q(**{f"{name}__in": groups})


def dashboard(request: HttpRequest) -> HttpResponse:
    person, now = sessions.person(request), database_now()
    active = Membership.objects.active().filter(user=person)
    memberships = list(active.select_related("group").order_by("group__name", "pk"))
    steers = person.is_secretariat or any(seat.role in STEERING for seat in memberships)  # as the rule says
    mine = [membership.group_id for membership in memberships]
    coming = Meeting.objects.visible_to(person).filter(_theirs(person, mine)).upcoming(now).select_related("group")
    meetings = list(coming[:FEW])
    seats = ballots(person, now)
    context = {
        "today": now,
        "awaiting": Awaiting(
            [seat for seat in seats if not seat.has_voted],
            replies(person, now),
            *action_points(person, now.date()),
            polls(mine, person, now),
            reviews(mine, person, now),
            comments(memberships, person, now),
            minutes(memberships, now),
        ),
        "has_desk": steers,
        "at_desk": desk.waiting(person) if steers else 0,
        "cast": [seat for seat in seats if seat.has_voted],
        "memberships": memberships,
        "meetings": meetings,
        "joining": [meeting for meeting in meetings if meeting.joins_now(now)],
        "editions": Edition.objects.published()
        .filter(_theirs(person, mine, "publication__groups"))
        .select_related("publication")
        .order_by("-published_at")
        .distinct()[:FEW],
    }
    return render(request, "pages/dashboard.html", context)
