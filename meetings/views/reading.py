"""The list of meetings and the page of one, for everybody."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, CharField, Count, DateTimeField, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Entry
from history.prepared import Key, Prepared
from meetings import balance, cautions, forecast, linked, programme, timeline, written
from meetings.filters import MeetingFilter
from meetings.languages import named
from meetings.models import Attendee, DatePoll, Meeting, MeetingQuerySet, ReminderRule, Webinar
from meetings.models.attendance import AttendeeQuerySet
from meetings.rules import role_at, standing_in, takes_replies
from people.models import User
from people.readers import ForReaders
from people.sessions import viewer
from workinggroups.models import WorkingGroup

PER_PAGE = 25
Reply = Attendee.Reply
ANSWER = ("user", "reply", "substitute", "waiting_since", "attended")
PERSON = ("user__display_name", "user__email", "user__helix", "user__region__name")
# What those who plan and write are told beyond it: gaps, cautions, who gets which letter.
MORE = ("replied_at", "asked_at", "user__is_active", "user__region__code", "user__region__country")
SHOWN = (Reply.YES, Reply.ONLINE, Reply.MAYBE, Reply.NO, Reply.NONE)
DEEDS = {
    "drafted": gettext_lazy("Drafted"),
    "scheduled": gettext_lazy("Scheduled"),
    "rescheduled": gettext_lazy("Given a new date"),
    "moved": gettext_lazy("Moved to another time"),
    "edited": gettext_lazy("Changed"),
    "agenda set": gettext_lazy("Agenda set"),
    "date asked for": gettext_lazy("Date to be found"),
    "date poll withdrawn": gettext_lazy("Date poll withdrawn"),
    "cancelled": gettext_lazy("Cancelled"),
    "postponed": gettext_lazy("Postponed"),
    "held": gettext_lazy("Held"),
    "recorded": gettext_lazy("Recorded afterwards"),
    "attendance taken": gettext_lazy("Attendance taken"),
    "minuted": gettext_lazy("Minutes approved"),
    "published": gettext_lazy("Minutes published"),
}


@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """List what comes and what was, of all groups or one, and the webinars to come."""
    reader, now = viewer(request), timezone.now()
    visible = Meeting.objects.visible_to(reader).select_related("group")
    over = Count("meetings", filter=Q(meetings__in=visible.past(now).order_by()))
    counted = WorkingGroup.objects.annotate(over=over).order_by("name", "pk")
    past = {group: getattr(group, "over", 0) for group in counted}
    groups = list(past)
    chosen = MeetingFilter(request.GET, queryset=visible, groups=groups)
    group = next((group for group in groups if group.slug == request.GET.get("group")), None)
    webinars = Webinar.objects.published().upcoming(now)
    pages = Paginator(chosen.qs.past(now), PER_PAGE)
    # The groups know the number: one query less.
    pages.count = sum(number for each, number in past.items() if group in {None, each})
    context = {
        "filter": chosen,
        "group": group,
        "upcoming": chosen.qs.upcoming(now),
        "webinars": webinars.filter(groups=group) if group else webinars,
        "page_obj": pages.get_page(request.GET.get("page")),
    }
    return render(request, "meetings/list.html", context)


@login_not_required
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one meeting; what members and planners see beyond it depends on their standing."""
    person, now = viewer(request), timezone.now()
    kind = ContentType.objects.get_for_model(Meeting)
    meeting = SEEN.first(person, slug=slug, now=now, kind=kind.pk)
    if meeting is None:
        return hidden(request, exists=Meeting.objects.filter(slug=slug).exists())
    may = standing_in(person, meeting, getattr(meeting, "role", None))
    newest = meeting.newest  # type: ignore[attr-defined]  # an annotation
    context: dict[str, Any] = {
        "meeting": meeting,
        "may": may,
        "own_when": meeting.when_for(person),
        "newest": newest,
        "decisions": written.decisions_of(newest["decisions"] if newest else [], {}, linked.links_of(meeting)),
        "history": history_of(meeting),
        "takes_replies": takes_replies(meeting, now),
        "joins_now": may.can_join and meeting.joins_now(now),
        "languages": named(meeting.languages),
        "poll": poll_of(meeting) if may.can_join else None,
    }
    context |= programme.of(meeting, names=may.can_join)
    if may.can_join and person:
        context |= replies_of(meeting, person, fully=may.can_write)
        context["carried"] = programme.carried(meeting)
    if may.can_write:
        context["figures"] = balance.figures(context["attendees"])
    if may.can_plan:
        context |= letters_of(meeting, context["attendees"], now)
        context["cautions"] = cautions.of_meeting(meeting, context["attendees"])
    return render(request, "meetings/detail.html", context)


def _told(person: User | None) -> MeetingQuerySet:
    """The meeting with all that is told of it, if the person may see it."""
    seen = Meeting.objects.filter(pk__in=Meeting.objects.visible_to(person).values("pk"))
    known = seen.select_related("group").filter(slug=Key("slug", CharField())).annotate(**linked.told(person))
    known = known.annotate(history_told=_history())
    if person:
        known = known.annotate(role=role_at(person))
    return programme.with_agenda(known, person, Key("now", DateTimeField())).order_by("pk")


def _history() -> programme.Told:
    entries = Entry.objects.filter(about_type=Key("kind", BigIntegerField()), about_id=OuterRef("pk")).published()
    return programme.Told(entries.order_by("-at", "-pk"), at="at", verb="verb", reason="reason")


SEEN = ForReaders(_told)


def poll_of(meeting: Meeting) -> DatePoll | None:
    """Return the open poll of a meeting whose date is still to be found."""
    return meeting.polls.open().first() if meeting.state == Meeting.State.POLLING else None


def hidden(request: HttpRequest, *, exists: bool) -> HttpResponse:
    """Ask an anonymous reader of a draft to sign in; everybody else finds nothing."""
    if exists and viewer(request) is None:
        return redirect_to_login(request.get_full_path())
    raise Http404


def history_of(meeting: Meeting) -> list[dict[str, Any]]:
    """What happened to it, without names: they are nobody's business outside of the group."""
    told: list[dict[str, str]] = meeting.history_told  # type: ignore[attr-defined]  # an annotation
    return [
        {"at": dt.datetime.fromisoformat(e["at"]), "deed": DEEDS.get(e["verb"], e["verb"]), "reason": e["reason"]}
        for e in told
    ]


MEETING = Key("meeting", BigIntegerField())


def _asked() -> AttendeeQuerySet:
    asked = Attendee.objects.filter(meeting=MEETING).select_related("user__region")
    return asked.only(*ANSWER, *PERSON).order_by("user__display_name", "pk")


def _asked_fully() -> AttendeeQuerySet:
    asked = forecast.with_wishes(balance.with_countries(Attendee.objects.filter(meeting=MEETING)))
    return asked.select_related(None).select_related("user__region").only(*ANSWER, *PERSON, *MORE)


# By whether the meeting is over, and whether it is for those who plan and write.
ASKED = {
    (True, False): Prepared(_asked),
    (False, False): Prepared(lambda: _asked().current()),
    (True, True): Prepared(_asked_fully),
    (False, True): Prepared(lambda: _asked_fully().current()),
}


def replies_of(meeting: Meeting, person: User, *, fully: bool) -> dict[str, Any]:
    """Who replied what: today's members for a meeting to come, everybody asked for one that is over."""
    listed = ASKED[meeting.state in Meeting.OVER, fully].ask(meeting=meeting.pk)
    counts = [(reply, sum(1 for each in listed if each.reply == reply)) for reply in SHOWN]
    shown = [(str(reply.label), n) for reply, n in counts if n or reply in {Reply.YES, Reply.NO}]
    return {
        "attendees": listed,
        "counts": shown,
        "room": balance.room(meeting, listed),
        "mine": next((each for each in listed if each.user_id == person.pk), None),
    }


def letters_of(meeting: Meeting, attendees: list[Attendee], now: dt.datetime) -> dict[str, Any]:
    gone = timeline.gone(meeting)
    had = (letter.key for line in gone for letter in line.letters if not forecast.is_to_come(letter))
    seen = forecast.known(meeting, attendees, had)
    expected = forecast.at_a_glance(meeting, ReminderRule.objects.all(), now, seen)
    return {
        "gone": gone,
        "coming": [line for line in expected if line.due_at > now or line.recipients],
        "none_yet": _("No letter has been queued yet."),
    }
