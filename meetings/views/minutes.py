"""Minutes to read: a revision, what changed in it, its comments; and the steps to publication."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from history.models import Entry
from meetings import differences, languages, linked, times, written
from meetings.actions import minutes as verbs
from meetings.errors import MeetingError
from meetings.forms.minutes import CommentForm, StepForm
from meetings.models import Meeting, Minutes
from meetings.rules import Standing, standing
from meetings.views.doors import admit, meeting_for
from people.models import User
from people.sessions import person, viewer

State = Minutes.State
DEEDS = {
    "written": gettext_lazy("Written"),
    "circulated": gettext_lazy("Opened for comments"),
    "taken back": gettext_lazy("Taken back to work on"),
    "commented": gettext_lazy("Commented on"),
    "approved": gettext_lazy("Approved"),
    "published": gettext_lazy("Published"),
}


@login_not_required
def minutes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the newest revision that the reader may see; who may write and finds none is sent to the editor."""
    reader = viewer(request)
    meeting = get_object_or_404(Meeting.objects.visible_to(reader).select_related("group"), slug=slug)
    visible = Minutes.objects.visible_to(reader).annotate(**linked.told(reader, "meeting"))
    newest = visible.filter(meeting=meeting).order_by("-revision").first()
    if newest:
        return _show(request, meeting, newest)
    if reader is None and meeting.minutes.exists():
        return redirect_to_login(request.get_full_path())
    if standing(reader, meeting).can_write:
        return redirect("meetings:minutes_write", slug)
    raise Http404


@login_not_required
def revision(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """Show one revision."""
    found = _found(request, slug, revision)
    return _show(request, found.meeting, found) if found else redirect_to_login(request.get_full_path())


@login_not_required
def changes(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """Show what a revision changed in the one before it that the reader may see."""
    found = _found(request, slug, revision)
    if found is None:
        return redirect_to_login(request.get_full_path())
    older = Minutes.objects.visible_to(viewer(request)).filter(meeting=found.meeting, revision__lt=revision)
    before = older.order_by("-revision").first()
    if before is None:
        raise Http404
    names = standing(viewer(request), found.meeting).can_join
    older_text, newer_text = (written.whole_text_of(each, names=names) for each in (before, found))
    compared = differences.between(older_text, newer_text)
    page = {"meeting": found.meeting, "minutes": found, "before": before, "changes": compared}
    return render(request, "meetings/minutes_changes.html", page)


def _found(request: HttpRequest, slug: str, revision: int) -> Minutes | None:
    """Return the revision; None where an anonymous reader may find it after signing in."""
    rows = Minutes.objects.filter(meeting__slug=slug, revision=revision).select_related("meeting__group")
    reader = viewer(request)
    told = rows.annotate(**linked.told(reader, "meeting"))
    found = told.filter(pk__in=Minutes.objects.visible_to(reader).values("pk")).first()
    if found is None and (reader or not rows.exists()):
        raise Http404
    return found


def _show(request: HttpRequest, meeting: Meeting, shown: Minutes) -> HttpResponse:
    reader = viewer(request)
    may = standing(reader, meeting)
    items = {item.pk: item for item in meeting.agenda.order_by("position")}
    revisions = list(Minutes.objects.visible_to(reader).filter(meeting=meeting).order_by("-revision"))
    context: dict[str, Any] = {
        "meeting": meeting,
        "minutes": shown,
        "may": may,
        "presence": written.presence_in(shown, names=may.can_join),
        "language": languages.NAMES.get(shown.language, shown.language),
        "decisions": written.decisions_of(shown.decisions, items, linked.links_of(shown)),
        "actions": written.actions_of(shown, items, names=may.can_join),
        "today": timezone.now().astimezone(meeting.zone).date(),
        "revisions": revisions,
        "newer": next((each for each in revisions if each.revision > shown.revision), None),
        "has_older": any(each.revision < shown.revision for each in revisions),
        "history": history_of(shown, everything=may.can_join),
        "steps": steps_for(shown, may),
        "comments_by": _comments_by(shown),
    }
    if may.can_join:
        context |= {"comments": shown.comments.select_related("by"), "comment_form": CommentForm()}
    return render(request, "meetings/minutes.html", context)


def _comments_by(shown: Minutes) -> str:
    """Until when comments are asked for, while they are."""
    asked = shown.comments_by if shown.state == State.FOR_COMMENT else None
    return times.point(asked, shown.meeting.zone) if asked else ""


def history_of(shown: Minutes, *, everything: bool) -> list[dict[str, Any]]:
    """What happened to a revision; names are the group's business."""
    entries = Entry.objects.about(shown)
    rows = entries.select_related("by") if everything else entries.published()
    return [{"at": e.at, "deed": DEEDS[e.verb], "by": e.by if everything else None} for e in rows]


@require_POST
def comment(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """Say something about minutes that are open for comment."""
    reader = person(request)
    found = get_object_or_404(Minutes.objects.visible_to(reader), meeting__slug=slug, revision=revision)
    _meeting, may = meeting_for(reader, slug)
    admit(may.can_comment, may, _("Observers read the minutes; members comment on them."))
    form = CommentForm(request.POST)
    try:
        if form.is_valid():
            verbs.comment(minutes=found, by=reader, text=form.cleaned_data["text"])
            messages.success(request, _("Your comment stands below the minutes."))
        else:
            messages.error(request, _("Write your comment first; it has at most 5000 characters."))
    except MeetingError as error:
        messages.error(request, str(error))
    return redirect(f"{found.get_absolute_url()}#comments")


# -- the steps -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """A step a revision can take: what it asks first, and who may take it."""

    name: str
    to: Minutes.State
    label: str | Promise
    title: str | Promise
    text: str | Promise
    done: str | Promise
    allowed: Callable[[Standing], bool]
    refusal: str | Promise


WRITERS = gettext_lazy("Minutes are circulated by the rapporteur and the leader of the group and by the secretariat.")
STEPS = [
    Step(
        "circulate",
        State.FOR_COMMENT,
        gettext_lazy("Open for comments"),
        gettext_lazy("Open these minutes for comments?"),
        gettext_lazy("Every member of the group can comment on them, and gets a letter that says so."),
        gettext_lazy("The minutes are open for comments."),
        lambda may: may.can_write,
        WRITERS,
    ),
    Step(
        "approve",
        State.APPROVED,
        gettext_lazy("Approve"),
        gettext_lazy("Approve these minutes?"),
        gettext_lazy("Approved minutes are locked for good. What is wrong then is corrected by a next revision."),
        gettext_lazy("The minutes are approved."),
        lambda may: may.can_plan,
        gettext_lazy("Minutes are approved by the leader of the group and by the secretariat."),
    ),
    Step(
        "take-back",
        State.DRAFT,
        gettext_lazy("Take back to work on"),
        gettext_lazy("Take these minutes back?"),
        gettext_lazy("They are a draft again, and take no comments. The comments so far stay."),
        gettext_lazy("The minutes are a draft again."),
        lambda may: may.can_write,
        WRITERS,
    ),
    Step(
        "publish",
        State.PUBLISHED,
        gettext_lazy("Publish"),
        gettext_lazy("Publish these minutes?"),
        gettext_lazy("Everybody can read them from now on: text, decisions and action points, people only by consent."),
        gettext_lazy("The minutes are public."),
        lambda may: may.can_publish,
        gettext_lazy("Minutes are published by the secretariat."),
    ),
]


def steps_for(shown: Minutes, may: Standing) -> list[Step]:
    """The steps the reader can take now; approval waits until the meeting was held."""
    possible = Minutes.TRANSITIONS[State(shown.state)]
    over = shown.meeting.state in verbs.OVER
    return [s for s in STEPS if s.to in possible and s.allowed(may) and (over or s.to != State.APPROVED)]


def step(request: HttpRequest, slug: str, revision: int, step: str) -> HttpResponse:
    """Ask, then move a revision on; what was approved is the text that was on the page before."""
    reader = person(request)
    _meeting, may = meeting_for(reader, slug)
    wanted = next((each for each in STEPS if each.name == step), None)
    visible = Minutes.objects.visible_to(reader).select_related("meeting__group")
    found = get_object_or_404(visible, meeting__slug=slug, revision=revision)
    if wanted is None:
        raise Http404
    admit(wanted.allowed(may), may, str(wanted.refusal))
    form = StepForm(request.POST or None, zone=found.meeting.zone)
    if request.method == "POST" and form.is_valid():
        try:
            _take(wanted, found, reader, form.cleaned_data)
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, str(wanted.done))
        return redirect(found)
    page: dict[str, Any] = {"step": wanted, "minutes": found, "meeting": found.meeting, "form": form}
    page["presence"] = written.presence_in(found, names=may.can_join)
    page["actions"] = written.actions_of(found, {}, names=may.can_join)
    return render(request, "meetings/minutes_step.html", page)


def _take(wanted: Step, found: Minutes, by: User, given: dict[str, Any]) -> None:
    if wanted.to == State.FOR_COMMENT:
        verbs.circulate(minutes=found, by=by, comments_by=given["comments_by"])
    elif wanted.to == State.APPROVED:
        verbs.approve(minutes=found, by=by, edit=-1 if given["edit"] is None else given["edit"])
    else:
        plain = {State.DRAFT: verbs.take_back, State.PUBLISHED: verbs.publish}
        plain[wanted.to](minutes=found, by=by)
