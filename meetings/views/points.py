"""Action points: what one has taken on, and the page on which one is done, dropped or opened again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Entry
from meetings.actions import points as verbs
from meetings.errors import MeetingError
from meetings.forms.calling_off import ReasonForm
from meetings.forms.minutes import DoneForm
from meetings.models import ActionPoint
from meetings.rules import standing
from meetings.views.doors import admit
from people.models import User
from people.sessions import person

DONE_SHOWN = 10
DEEDS = {
    "done": gettext_lazy("Done"),
    "dropped": gettext_lazy("Dropped"),
    "opened again": gettext_lazy("Opened again"),
}
REFUSAL = gettext_lazy("Only who has taken it on, and those who write the minutes, say that it is done.")


def index(request: HttpRequest) -> HttpResponse:
    """Show the reader's own action points, and what is open in the own groups."""
    reader = person(request)
    visible = ActionPoint.objects.visible_to(reader).select_related("meeting__group", "owner")
    mine = visible.filter(owner=reader)
    page = {
        "open": mine.open(),
        "done": mine.exclude(state=ActionPoint.State.OPEN).order_by("-done_on", "-pk")[:DONE_SHOWN],
        "others": visible.open().exclude(owner=reader).order_by("meeting__group__name", "due", "pk"),
        "today": timezone.now().date(),
    }
    return render(request, "meetings/action_points.html", page)


def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one; POST does what the button says."""
    reader = person(request)
    visible = ActionPoint.objects.visible_to(reader).select_related("meeting__group", "owner", "agenda_item")
    point = get_object_or_404(visible, pk=pk)
    may = standing(reader, point.meeting)
    may_end = may.can_write or point.owner == reader
    done, reason = DoneForm(), reason_form()
    if request.method == "POST":
        admit(may_end, may, str(REFUSAL))
        done, reason = DoneForm(request.POST), reason_form(request)
        said = _take(request, point, reader, done, reason)
        if said:
            messages.success(request, str(said))
            return redirect("meetings:actions" if point.owner == reader else point)
    page = {
        "point": point,
        "may_end": may_end,
        "done_form": done,
        "form": reason,
        "today": timezone.now().date(),
        "history": [
            {"at": e.at, "deed": DEEDS[e.verb], "by": e.by, "reason": e.reason}
            for e in Entry.objects.about(point).select_related("by")
        ],
    }
    return render(request, "meetings/action_point.html", page)


def reason_form(request: HttpRequest | None = None) -> ReasonForm:
    form = ReasonForm(request.POST if request and request.POST.get("do") == "drop" else None)
    form.fields["reason"].help_text = _("The group sees it.")
    return form


def _take(
    request: HttpRequest, point: ActionPoint, by: User, done: DoneForm, reason: ReasonForm
) -> str | Promise | None:
    """Do what the button says and return what to say; None where the form needs another look."""
    do: dict[str, tuple[bool, Callable[[], ActionPoint], str | Promise]] = {
        "done": (
            done.is_valid(),
            lambda: verbs.finish(point=point, by=by, on=done.cleaned_data["done_on"]),
            gettext_lazy("Thank you: it is done."),
        ),
        "drop": (
            reason.is_valid(),
            lambda: verbs.drop(point=point, by=by, reason=reason.cleaned_data["reason"]),
            gettext_lazy("It is dropped."),
        ),
        "reopen": (True, lambda: verbs.reopen(point=point, by=by), gettext_lazy("It is open again.")),
    }
    is_valid, verb, said = do.get(request.POST.get("do", ""), (False, lambda: point, ""))
    if not is_valid:
        return None
    try:
        verb()
    except MeetingError as error:
        messages.error(request, str(error))
        return None
    return said
