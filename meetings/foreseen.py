"""What this room is going to write: by the rules of meetings, to joiners and leavers, in polls, before webinars."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from meetings import forecast, kinds, owing, reminding
from meetings.actions import polls, registrations, telling
from meetings.models import DateAnswer, DatePoll, Meeting, ReminderRule
from notices import foreseen
from notices.foreseen import Foreseen
from notices.models import Notice
from workinggroups.models import Membership


def of_meetings(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Meetings to come, or just over."""
    rules = list(ReminderRule.objects.all())
    coming = list(Meeting.objects.to_remind(now).select_related("group"))
    for meeting in coming:
        yield from _of_members(meeting, now)
    for meeting in [*coming, *reminding.just_over(now)]:
        if meeting.reminders_paused_at is None:
            yield from _by_rules(meeting, rules, now, until)


def of_paused(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Meetings to come, just over, or with action points near their day, of which nobody is reminded."""
    paused = Meeting.objects.filter(reminders_paused_at__isnull=False)
    of_points = paused.filter(pk__in=owing.near(now, until).values("meeting"))
    looked_at = (Meeting.objects.to_remind(now), reminding.just_over(now), of_points)
    for meeting in {each.pk: each for rows in looked_at for each in rows}.values():
        if meeting.reminders_paused_at is None:
            continue
        since = f"{meeting.reminders_paused_at.astimezone(meeting.zone):%Y-%m-%d %H:%M}"
        yield Foreseen(now.astimezone(meeting.zone), "nobody", "", meeting.slug, f"reminders paused since {since}")


def _of_members(meeting: Meeting, now: dt.datetime) -> Iterable[Foreseen]:
    """Who joined or left since the last beat."""
    at = now.astimezone(meeting.zone)
    asked = meeting.attendees.values("user")
    late = Membership.objects.active().filter(group=meeting.group).exclude(user__in=asked).select_related("user")
    for membership in late:
        why = "joined the group after the others were invited"
        yield Foreseen(at, membership.user, kinds.INVITATION, meeting.slug, why)
    rows: Iterable[Any] = meeting.attendees.unsettled().select_related("user")  # with is_member
    for row in rows:
        if row.waiting_since is None:
            kind, why = (kinds.INVITATION, "is a member again") if row.is_member else (kinds.TAKEN_BACK, "left")
            yield Foreseen(at, row.user, kind, meeting.slug, why)


def _by_rules(meeting: Meeting, rules: list[ReminderRule], now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    for expected in forecast.of_meeting(meeting, rules, now, until=until):
        why = expected.why + ("; waits for minutes, decisions or action points" if expected.waits_for_news else "")
        kind, at = kinds.reminder(expected.rule.letter), max(expected.due_at, now.astimezone(meeting.zone))
        for person in expected.recipients:
            yield Foreseen(at, person.user, kind, meeting.slug, why)


def of_polls(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Open date polls, shortly before their deadline."""
    for poll in DatePoll.objects.answerable(now).select_related("meeting__group").order_by("pk"):
        if polls.reminder_due(poll) <= until:
            yield from _of_poll(poll, max(polls.reminder_due(poll), now))


def _of_poll(poll: DatePoll, at: dt.datetime) -> Iterable[Foreseen]:
    """Whoever has the question, or will have it by then, is reminded; who came later is asked."""
    heard = set(DateAnswer.objects.filter(slot__poll=poll).values_list("user", flat=True))
    rows = Notice.objects.about(poll).filter(kind__in=[kinds.DATE_POLL, kinds.DATE_POLL_OPEN])
    had = set(rows.values_list("kind", "recipient"))
    unheard = rows.filter(kind=kinds.DATE_POLL, state__in=[Notice.State.SKIPPED, Notice.State.FAILED])
    heard |= set(unheard.values_list("recipient", flat=True))
    heard |= set(rows.filter(due_at__gte=polls.reminder_due(poll)).values_list("recipient", flat=True))
    at = at.astimezone(poll.meeting.zone)
    for person in telling.members_of(poll.meeting):
        if person.pk in heard:
            continue
        if (kinds.DATE_POLL, person.pk) in had:
            yield Foreseen(at, person, kinds.DATE_POLL_OPEN, poll.meeting.slug, "has not answered the date poll")
        else:
            yield Foreseen(at, person, kinds.DATE_POLL, poll.meeting.slug, "joined after the others were asked")


def of_webinars(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """The join link, a day before, to all who are registered."""
    for webinar in registrations.to_remind(now, until + registrations.SOON):
        at = max(registrations.reminder_due(webinar), now).astimezone(webinar.zone)
        for registration in registrations.unreminded(webinar):
            why = "registered; a day before the start"
            yield Foreseen(at, registration.email, kinds.WEBINAR_SOON, webinar.slug, why)


def of_owners(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Open action points near their day, of those who have not had the letter."""
    had = set(Notice.objects.filter(kind=kinds.ACTION_DUE).values_list("key", flat=True))
    for each in owing.nudges(now, until):
        meeting, owner = each.point.meeting, each.point.owner
        if owner and each.key not in had:
            at = max(each.due_at, now).astimezone(meeting.zone)
            yield Foreseen(at, owner, kinds.ACTION_DUE, meeting.slug, f"an action point is due on {each.point.due}")


def register_all() -> None:
    foreseen.register("meetings.rules", of_meetings)
    foreseen.register("meetings.owners", of_owners)
    foreseen.register("meetings.paused", of_paused)
    foreseen.register("meetings.polls", of_polls)
    foreseen.register("meetings.webinars", of_webinars)
