"""The letters to people who register for a webinar: confirm, your seat, waiting, changed, cancelled, tomorrow."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import kinds, times, webinar_calendar
from meetings.calendars import absolute
from meetings.models import Registration, Webinar
from meetings.registration_tokens import registration_path
from notices.letters import Attachment, Draft, Letter, register
from notices.models import Notice

GONE = gettext_noop("registration removed")
NOT_WANTED = gettext_noop("registration changed meanwhile")
OFF = gettext_noop("no longer takes place")
BEGUN = gettext_noop("overdue")
MOVED = gettext_noop("rescheduled")
State = Registration.State


def about(notice: Notice) -> Registration | None:
    """Return the registration as it is now, and keep it at hand for `compose`."""
    registration = Registration.objects.select_related("webinar").filter(pk=notice.about_id).first()
    if registration:
        notice.about = registration
    return registration


def registration_of(notice: Notice) -> Registration:
    registration = notice.about
    if not isinstance(registration, Registration):
        raise TypeError(f"{notice.key} is about no registration")
    return registration


def wanted_in(state: Registration.State) -> Callable[[Notice, dt.datetime], str]:
    """Return the check of a letter that is for people in this state, of a webinar still to come."""

    def unwanted(notice: Notice, now: dt.datetime) -> str:
        registration = about(notice)
        if registration is None:
            return GONE
        if registration.state != state:
            return NOT_WANTED
        webinar = registration.webinar
        if webinar.state not in Webinar.PLANNED:
            return OFF
        return BEGUN if webinar.starts_at is None or webinar.starts_at <= now else ""

    return unwanted


def unwanted_soon(notice: Notice, now: dt.datetime) -> str:
    """A letter that says "soon" is about the time for which it was queued."""
    reason = wanted_in(State.CONFIRMED)(notice, now)
    starts_at = registration_of(notice).webinar.starts_at if not reason else None
    return reason or ("" if starts_at and notice.key.endswith(starts_at.isoformat()) else MOVED)


def unwanted_if_on(notice: Notice, now: dt.datetime) -> str:  # noqa: ARG001 - a cancellation is always of use
    registration = about(notice)
    if registration is None:
        return GONE
    return "" if registration.webinar.state == Webinar.State.CANCELLED else NOT_WANTED


def draft(notice: Notice, subject: str) -> Draft:
    registration = registration_of(notice)
    webinar = registration.webinar
    context = {
        "registration": registration,
        "webinar": webinar,
        "recipient_name": registration.name,
        "when": webinar.when,
        "where": webinar.where,
        "join_url": webinar.join_url,
        "link": absolute(registration_path(registration)),
        "page_url": absolute(webinar.get_absolute_url()),
        "kept_days": settings.REGISTRATIONS_KEPT_DAYS,
    }
    day = date_format(webinar.local_start, times.DAY) if webinar.local_start else webinar.when
    return Draft(subject % {"title": webinar.title, "day": day}, context, settings.CONTACT_EMAIL)


def with_entry(letter: Draft, notice: Notice) -> Draft:
    part = Attachment(webinar_calendar.entry(registration_of(notice)), "text/calendar; method=PUBLISH")
    return Draft(letter.subject, letter.context, letter.reply_to, (part,))


def please_confirm(notice: Notice) -> Draft:
    return draft(notice, _("Please confirm: %(title)s, %(day)s"))


def seat(notice: Notice) -> Draft:
    return with_entry(draft(notice, _("You are registered: %(title)s, %(day)s")), notice)


def waiting(notice: Notice) -> Draft:
    return draft(notice, _("On the waiting list: %(title)s, %(day)s"))


def freed(notice: Notice) -> Draft:
    return with_entry(draft(notice, _("A seat is yours now: %(title)s, %(day)s")), notice)


def changed(notice: Notice) -> Draft:
    return with_entry(draft(notice, _("Changed: %(title)s, %(day)s")), notice)


def off(notice: Notice) -> Draft:
    return with_entry(draft(notice, _("Cancelled: %(title)s, %(day)s")), notice)


def soon(notice: Notice) -> Draft:
    return draft(notice, _("Soon: %(title)s, %(day)s"))


def some_registration() -> Registration | None:
    return Registration.objects.select_related("webinar").order_by("-pk").first()


Row = tuple[str, Promise | str, Callable[[Notice, dt.datetime], str], Callable[[Notice], Draft], Promise | str]
LETTERS: list[Row] = [
    (
        kinds.WEBINAR_CONFIRM,
        gettext_lazy("Webinar: please confirm your registration"),
        wanted_in(State.PENDING),
        please_confirm,
        gettext_lazy("Whoever registers, to confirm the address"),
    ),
    (
        kinds.WEBINAR_SEAT,
        gettext_lazy("Webinar: you are registered"),
        wanted_in(State.CONFIRMED),
        seat,
        gettext_lazy("Whoever has confirmed"),
    ),
    (
        kinds.WEBINAR_WAITING,
        gettext_lazy("Webinar: you are on the waiting list"),
        wanted_in(State.WAITING),
        waiting,
        gettext_lazy("Whoever has confirmed when all seats were taken"),
    ),
    (
        kinds.WEBINAR_FREED,
        gettext_lazy("Webinar: a seat has become free"),
        wanted_in(State.CONFIRMED),
        freed,
        gettext_lazy("Whoever has waited longest, when a seat becomes free"),
    ),
    (
        kinds.WEBINAR_CHANGED,
        gettext_lazy("Webinar: another time, place or link"),
        wanted_in(State.CONFIRMED),
        changed,
        gettext_lazy("Everybody registered"),
    ),
    (
        kinds.WEBINAR_OFF,
        gettext_lazy("Webinar: cancelled"),
        unwanted_if_on,
        off,
        gettext_lazy("Everybody registered"),
    ),
    (
        kinds.WEBINAR_SOON,
        gettext_lazy("Webinar: tomorrow, with the join link"),
        unwanted_soon,
        soon,
        gettext_lazy("Everybody registered, a day before"),
    ),
]


def register_all() -> None:
    """Called once, when the app is ready."""
    for kind, describes, unwanted, compose, who_gets in LETTERS:
        register(Letter(kind, describes, unwanted, compose, who_gets=who_gets, sample=some_registration))
