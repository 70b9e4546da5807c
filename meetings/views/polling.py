"""Pages of a date poll: propose dates, answer, look at who could come, choose, withdraw."""

from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import actions, holds, polling
from meetings.errors import MeetingError
from meetings.forms.polls import MORE, MOST, ROWS, AnswerForm, BaseSlots, PollForm, SlotRows
from meetings.models import DateAnswer, DatePoll, Meeting
from meetings.rules import Standing
from meetings.views.doors import admit, meeting_for
from meetings.views.planning import ZONES
from people.models import User
from people.sessions import person

CONFLICT = 409
LOOKING = (Meeting.State.DRAFT, Meeting.State.POSTPONED, Meeting.State.POLLING)


def poll_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose dates to the group."""
    planner = person(request)
    meeting, may = meeting_for(planner, slug)
    admit(may.can_plan, may, _("Dates are proposed by the leader of the group and by the secretariat."))
    admit(meeting.state in LOOKING, may, _("This meeting has a date. Postpone it before you look for another one."))
    form = PollForm(request.POST or None, initial={"timezone": meeting.timezone})
    rows = cast("BaseSlots", SlotRows(_with_more(request) if request.method == "POST" else None))
    if request.method == "POST" and request.POST.get("do") != "more":
        poll = _open(form, rows, meeting, planner)
        if poll:
            messages.success(request, _("The group is asked. Letters are on their way."))
            return redirect("meetings:poll", slug)
    context = {"meeting": meeting, "form": form, "rows": rows, "zones": ZONES}
    context["can_add"] = rows.total_form_count() < MOST
    if request.POST.get("do") == "more":
        context["form"] = PollForm(initial=request.POST.dict())
    return render(request, "meetings/poll_form.html", context)


def _with_more(request: HttpRequest) -> Any:
    """Return what was sent, with more rows where these were asked for."""
    data = request.POST.copy()
    if data.get("do") == "more":
        asked = data.get("form-TOTAL_FORMS", "")
        rows = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else ROWS  # noqa: PLR2004
        data["form-TOTAL_FORMS"] = str(min(rows + MORE, MOST))
    return data


def _open(form: PollForm, rows: BaseSlots, meeting: Meeting, by: User) -> DatePoll | None:
    rows_fine, form_fine = rows.is_valid(), form.is_valid()
    if not (rows_fine and form_fine):
        return None
    given = form.cleaned_data
    slots = rows.slots(ZoneInfo(given["timezone"]), given["closes_at"])
    if not rows.fine():
        if rows.complaint:
            form.add_error(None, rows.complaint)
        return None
    try:
        return actions.open_poll(
            meeting=meeting, by=by, slots=slots, closes_at=given["closes_at"], hold_dates=given["hold_dates"]
        )
    except MeetingError as error:
        form.add_error(None, str(error))
        return None


def poll_for(request: HttpRequest, slug: str) -> tuple[DatePoll, Meeting, Standing]:
    """Return the newest poll of a meeting, for its group and the secretariat. Raises Http404."""
    meeting, may = meeting_for(person(request), slug)
    if not may.can_join:
        raise Http404
    poll = get_object_or_404(meeting.polls.order_by("-opened_at", "-pk")[:1])
    poll.meeting = meeting
    return poll, meeting, may


def poll(request: HttpRequest, slug: str) -> HttpResponse:
    """Show each date with who could come; members answer on the same page, until the deadline."""
    reader = person(request)
    poll, meeting, may = poll_for(request, slug)
    answers = polling.answers_of(poll)
    given = {answer.slot_id: answer.answer for answer in answers if answer.user_id == reader.pk}
    form = AnswerForm(request.POST if request.method == "POST" else None, poll=poll, given=given)
    status = 200
    if request.method == "POST":
        admit(may.is_invited, may, _("Only members of the group answer this date poll."))
        if form.is_valid():
            try:
                actions.answer_poll(poll=poll, by=reader, answers=form.answers())
            except MeetingError as error:
                form.add_error(None, str(error))
                status = CONFLICT
            else:
                messages.success(request, _("Your answers are noted. You can change them until the deadline."))
                return redirect("meetings:poll", slug)
    context = {"meeting": meeting, "poll": poll, "form": form, "may": may, "answered": bool(given)}
    context |= _standing_of(poll, answers, form, may, reader)
    return render(request, "meetings/poll.html", context, status=status)


def _standing_of(
    poll: DatePoll, answers: list[DateAnswer], form: AnswerForm, may: Standing, reader: User
) -> dict[str, Any]:
    lines = polling.lines(poll, answers, reader, warn=may.can_plan)
    best, why = polling.best_of(lines)
    is_open = poll.state == DatePoll.State.OPEN
    return {
        "lines": lines,
        "best": best,
        "why": why,
        "questions": [(line, form[f"slot_{line.slot.pk}"]) for line in lines],
        "people": len({answer.user_id for answer in answers}),
        "asks": is_open and poll.closes_at > timezone.now() and may.is_invited,
        "can_choose": is_open and may.can_plan,
    }


def poll_dates(request: HttpRequest, slug: str) -> HttpResponse:
    """The open dates as tentative calendar entries, for whoever wishes to keep them free."""
    poll, meeting, _may = poll_for(request, slug)
    if poll.state != DatePoll.State.OPEN:
        raise Http404
    content = holds.tentative(poll, poll.slots.order_by("starts_at", "pk"))
    headers = {"Content-Disposition": f'inline; filename="{meeting.slug}-dates.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def poll_choose(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask once more, then schedule the meeting for this date."""
    poll, meeting, may = poll_for(request, slug)
    admit(may.can_plan, may, _("The date is chosen by the leader of the group and by the secretariat."))
    slot = get_object_or_404(poll.slots, pk=pk)
    [line] = [each for each in polling.lines(poll, polling.answers_of(poll), person(request)) if each.slot == slot]
    if request.method == "POST":
        try:
            actions.choose_date(slot=slot, by=person(request))
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The meeting is scheduled. Answers to the poll count as answers to it."))
        return redirect(meeting)
    context = {
        "overline": meeting,
        "title": _("Meet on %(when)s?") % {"when": line.when},
        "text": _("Every member is invited. Yes in the poll becomes yes, “if need be” maybe, no stays no."),
        "submit": _("Schedule the meeting"),
        "cancel_url": f"{meeting.get_absolute_url()}poll/",
    }
    return render(request, "pages/confirm.html", context)


def poll_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """End the poll without a date."""
    poll, meeting, may = poll_for(request, slug)
    admit(may.can_plan, may, _("A date poll is withdrawn by the leader of the group and by the secretariat."))
    if request.method == "POST":
        try:
            actions.withdraw_poll(poll=poll, by=person(request))
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The date poll is withdrawn."))
        return redirect(meeting)
    context = {
        "overline": meeting,
        "title": _("Withdraw this date poll?"),
        "text": _("The answers stay readable for the group, and everybody who was asked hears of it."),
        "submit": _("Withdraw the poll"),
        "danger": True,
        "cancel_url": f"{meeting.get_absolute_url()}poll/",
    }
    return render(request, "pages/confirm.html", context)
