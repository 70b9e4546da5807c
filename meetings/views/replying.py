"""The page on which an invited person answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import actions
from meetings.errors import MeetingError
from meetings.forms import ReplyForm
from meetings.models import Attendee, Meeting
from meetings.rules import takes_replies
from meetings.views.doors import admit, meeting_for
from people.sessions import person

CONFLICT = 409


def reply(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the question on GET, write the answer down on POST; after the start say that it is too late (409)."""
    reader = person(request)
    meeting, may = meeting_for(reader, slug)
    admit(may.is_invited, may, _("Only members of the group answer this invitation."))
    form = ReplyForm(request.POST or None, meeting=meeting, initial=_given(meeting, reader.pk))
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["reply"]
        try:
            actions.reply(meeting=meeting, by=reader, reply=given, substitute=form.substitute_named())
        except MeetingError as error:
            form.add_error(None, str(error))
            status = CONFLICT
        else:
            messages.success(request, _("Your answer is noted. You can change it until the meeting starts."))
            return redirect(meeting)
    context = {"meeting": meeting, "form": form, "own_when": meeting.when_for(reader)}
    context["takes_replies"] = takes_replies(meeting, timezone.now())
    return render(request, "meetings/reply.html", context, status=status)


def _given(meeting: Meeting, reader: int) -> dict[str, str]:
    """The answer so far."""
    attendee = Attendee.objects.filter(meeting=meeting, user=reader).exclude(reply=Attendee.Reply.NONE).first()
    return {"reply": attendee.reply, "substitute": attendee.substitute} if attendee else {}
