"""Reminders of one meeting: who gets what and when, its rules, pause, send now, write to those without an answer."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import actions, forecast, reminding, rule_changes, rule_words
from meetings.errors import MeetingError
from meetings.forms.reminders import RuleFormSet, initial
from meetings.models import Attendee, Meeting, ReminderRule
from meetings.views import confirming, together
from meetings.views.doors import admit, meeting_for
from people.sessions import person


def _meeting(request: HttpRequest, slug: str) -> Meeting:
    meeting, may = meeting_for(person(request), slug)
    admit(may.can_plan, may, _("Reminders are set by the leader of the group and by the secretariat."))
    return meeting


def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who gets what, when and why; POST shows what other rules would mean, and saves them once confirmed."""
    meeting = _meeting(request, slug)
    rules = list(ReminderRule.objects.all())
    held = rule_changes.held_by(meeting, rules)
    formset = RuleFormSet(request.POST or None, initial=initial(held))
    answer = confirming.answer(request, meeting, formset, rules)
    if isinstance(answer, HttpResponse):
        return answer
    context = {
        "seen": together.rules_to_see(meeting, request, rules),
        **answer,
        "meeting": meeting,
        "formset": formset,
        "is_own": any(rule.meeting_id == meeting.pk for rule in held),
        "level": rule_words.level(held[0]) if held else "",
        "expected": forecast.of_meeting(meeting, rules, timezone.now()),
        "can_ask": meeting.state == Meeting.State.SCHEDULED,
    }
    return render(request, "meetings/reminders.html", context)


def inherit(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then give the meeting's own rules up for the group's."""
    meeting = _meeting(request, slug)
    page = {
        "title": _("Return to the group’s rules?"),
        "text": _("The rules of this meeting are deleted. Nobody gets a letter twice."),
        "submit": _("Return to the group’s rules"),
    }

    def verb(**deed: Any) -> None:
        actions.set_rules(of=meeting, lines=[], **deed)

    return _step(request, meeting, verb, page)


def pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then stop the reminders of one meeting."""
    meeting = _meeting(request, slug)
    page = {
        "title": _("Pause the reminders?"),
        "text": _(
            "No reminder of this meeting goes out until you resume, nor one to those who took on its action points. "
            "Invitations and news of changes still do."
        ),
        "submit": _("Pause the reminders"),
    }
    return _step(request, meeting, lambda **deed: actions.pause_reminders(meeting=meeting, **deed), page)


def resume(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then let the reminders go out again."""
    meeting = _meeting(request, slug)
    page = {
        "title": _("Resume the reminders?"),
        "text": _("Within a minute those who miss it get the letter that holds then: the latest one only, no pile."),
        "submit": _("Resume the reminders"),
    }
    return _step(request, meeting, lambda **deed: actions.resume_reminders(meeting=meeting, **deed), page)


def _step(request: HttpRequest, meeting: Meeting, verb: Callable[..., Any], page: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        try:
            verb(by=person(request))
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Done."))
        return redirect("meetings:reminders", meeting.slug)
    back = resolve_url("meetings:reminders", meeting.slug)
    return render(request, "pages/confirm.html", {**page, "cancel_url": back})


def send(request: HttpRequest, slug: str, origin: int) -> HttpResponse:
    """Show whom a reminder would reach, then send it before its time."""
    meeting = _meeting(request, slug)
    rule = reminding.holding(meeting, origin)
    if rule is None:
        raise Http404
    expected = forecast.of_meeting(meeting, list(ReminderRule.objects.all()), timezone.now())
    people = next((line.meant for line in expected if line.rule.origin == origin), [])
    page = {"title": _("Send this letter now?"), "text": rule_words.sentence(rule), "submit": _("Send it now")}
    return _write(request, meeting, page, people, lambda by: actions.send_now(meeting=meeting, origin=origin, by=by))


def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who has not answered, then write to them."""
    meeting = _meeting(request, slug)
    rows = Attendee.objects.current().filter(meeting=meeting, reply=Attendee.Reply.NONE)
    page = {
        "title": _("Write to those without an answer?"),
        "text": _("Each gets the letter “Please answer the invitation”, at most once a day."),
        "submit": _("Write to them"),
    }
    people = list(rows.select_related("user").order_by("user__display_name", "pk"))
    return _write(request, meeting, page, people, lambda by: actions.ask_unanswered(meeting=meeting, by=by))


def _write(
    request: HttpRequest, meeting: Meeting, page: dict[str, str], people: list[Attendee], verb: Callable[..., int]
) -> HttpResponse:
    if request.method != "POST":
        return render(request, "meetings/write_to.html", {**page, "meeting": meeting, "people": people})
    try:
        number = verb(person(request))
    except MeetingError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(n)d letter is on its way.", "%(n)d letters are on their way.", number)
        messages.success(request, said % {"n": number} if number else _("Nobody was left to write to."))
    return redirect("meetings:reminders", meeting.slug)
