"""Where an invited person answers: the page for those who sign in, and the signed link of a letter for everybody."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from meetings import actions, answers, balance
from meetings.errors import MeetingError, NoSeat
from meetings.forms import ReplyForm, given
from meetings.models import Attendee, Meeting
from meetings.rules import is_invited, takes_replies
from meetings.tokens import attendee_of, reply_path
from meetings.views.doors import admit, meeting_for
from people.limits import limited
from people.models import User
from people.sessions import person

CONFLICT, GONE, UNKNOWN = 409, 410, 404
LINK, NETWORK = 30, 240  # tries within an hour; a whole meeting may sit behind one network address


def reply(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the question on GET, write the answer down on POST; after the start say that it is too late (409)."""
    reader = person(request)
    meeting, may = meeting_for(reader, slug)
    admit(may.is_invited, may, _("Only members of the group answer this invitation."))
    attendee = Attendee.objects.filter(meeting=meeting, user=reader).first()
    form = ReplyForm(request.POST or None, meeting=meeting, initial=given(attendee))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            noted = actions.reply(meeting=meeting, by=reader, **form.answer())
        except NoSeat as error:
            form.add_error("substitute", str(error))
        except MeetingError as error:
            form.add_error(None, str(error))
            status = CONFLICT
        else:
            messages.success(request, _noted(noted))
            return redirect(meeting)
    return render(request, "meetings/reply.html", _page(meeting, form, reader), status=status)


def _noted(attendee: Attendee) -> str:
    if attendee.waiting_since:
        return _("All seats are taken: you are on the waiting list, and get a letter as soon as one is free.")
    return _("Your answer is noted. You can change it until the meeting starts.")


def _page(meeting: Meeting, form: ReplyForm, reader: User) -> dict[str, Any]:
    current = Attendee.objects.current().filter(meeting=meeting).order_by("pk") if meeting.capacity else []
    return {
        "meeting": meeting,
        "form": form,
        "own_when": meeting.when_for(reader),
        "takes_replies": takes_replies(meeting, timezone.now()),
        "room": balance.room(meeting, list(current)),
    }


@login_not_required
@never_cache
@limited("reply", link=LINK, network=NETWORK)
def reply_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show the question of a letter's link on GET, write the answer down on POST; no sign-in, until the start."""
    attendee = attendee_of(token)
    if attendee is None or not _is_open(attendee):
        return _refused(request, attendee)
    form = ReplyForm(request.POST or None, meeting=attendee.meeting, initial=given(attendee) | _clicked(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.reply(meeting=attendee.meeting, by=attendee.user, **form.answer())
        except NoSeat as error:
            form.add_error("substitute", str(error))
        except MeetingError:
            return _refused(request, attendee)
        else:
            return redirect(reply_path(attendee))  # which says what was noted: a stranger has no session for a message
    context = _page(attendee.meeting, form, attendee.user)
    context |= {"attendee": attendee, "said": answers.said(attendee, attendee.meeting)}
    return render(request, "meetings/reply_link.html", context)


def _clicked(request: HttpRequest) -> dict[str, str]:
    """The letter has a link for each answer; it only chooses, and the button sends."""
    wanted = request.GET.get("answer", "")
    return {"reply": wanted} if wanted in Attendee.Reply.values else {}


def _is_open(attendee: Attendee) -> bool:
    return takes_replies(attendee.meeting, timezone.now()) and is_invited(attendee.user, attendee.meeting)


def _refused(request: HttpRequest, attendee: Attendee | None) -> HttpResponse:
    """A page that says why the link does not work: 404 for one never made here, 410 for one that is over."""
    if attendee is None:
        return render(request, "meetings/reply_refused.html", {"meeting": None, "why": ""}, status=UNKNOWN)
    meeting = Meeting.objects.select_related("group").get(pk=attendee.meeting_id)
    left = not is_invited(attendee.user, meeting)
    why = "left" if left else "begun" if meeting.state == Meeting.State.SCHEDULED else meeting.state
    return render(request, "meetings/reply_refused.html", {"meeting": meeting, "why": why}, status=GONE)
