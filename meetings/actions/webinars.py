"""The life of a webinar or conference: drafted, announced, registration, held, recording; or recorded afterwards."""

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from history.actions import record
from history.clock import database_now
from history.each import each_alone
from meetings import webinar_calendar
from meetings.actions import registrations
from meetings.actions.rows import LONGEST_SLUG, Deed, save_named
from meetings.errors import InThePast, NotYetOver, ReasonMissing, WrongState
from meetings.models import Webinar
from people.models import User
from workinggroups.models import WorkingGroup

State = Webinar.State
RESERVED = {"new", "registration"}
MATTERS = ("starts_at", "ends_at", "mode", "place", "join_url")
COUNTS = ("starts_at", "ends_at", "mode", "place")


class WebinarDetails(TypedDict, total=False):
    """What a person may set. Times are aware; `approx_date` ("2023-11") stands in for them, never beside them."""

    title: str
    slug: str
    kind: str
    summary: str
    series: str
    position: int | None
    organisers: str
    audience: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    approx_date: str
    timezone: str
    mode: str
    place: str
    join_url: str
    languages: list[str]
    capacity: int | None
    registration_closes_at: dt.datetime | None
    participants: int | None
    recording_url: str
    captions_url: str
    transcript_url: str
    slides_url: str
    account: str


@transaction.atomic
def draft_webinar(
    *,
    by: User | None,
    groups: Iterable[WorkingGroup] = (),
    now: dt.datetime | None = None,
    **details: Unpack[WebinarDetails],
) -> Webinar:
    """Make a webinar that only the secretariat sees."""
    deed = Deed(by, now or database_now())
    webinar = _insert(Webinar(**details), groups, deed.at)
    _note(webinar, "drafted", deed)
    return webinar


@transaction.atomic
def record_webinar(
    *,
    by: User | None,
    groups: Iterable[WorkingGroup] = (),
    now: dt.datetime | None = None,
    **details: Unpack[WebinarDetails],
) -> Webinar:
    """Record one of the past, public at once; its recording is published if there is one. Raises NotYetOver."""
    deed = Deed(by, now or database_now())
    webinar = Webinar(announced_at=deed.at, **details)
    webinar.state = State.RECORDING_PUBLISHED if webinar.recording_url else State.HELD
    day = webinar.day()
    if day is None or (webinar.ends_at > deed.at if webinar.ends_at else day > deed.at.date()):
        raise NotYetOver(_("Give the date of something that has taken place, as exactly as it is known."))
    webinar = _insert(webinar, groups, deed.at)
    _note(webinar, "recorded", deed)
    return webinar


@transaction.atomic
def edit_webinar(
    *,
    webinar: Webinar,
    by: User | None,
    groups: Iterable[WorkingGroup] | None = None,
    now: dt.datetime | None = None,
    **details: Unpack[WebinarDetails],
) -> Webinar:
    """Change it in any state; registered people hear of another time, place or link of one to come.

    Raises InThePast.
    """
    webinar = locked_webinar(webinar)
    deed = Deed(by, now or database_now())
    changed = {name for name, value in details.items() if getattr(webinar, name) != value}
    for name in changed:
        setattr(webinar, name, details[name])  # type: ignore[literal-required]  # the keys of WebinarDetails
    ahead = webinar.state in Webinar.PLANNED and webinar.announced_at is not None
    if ahead and changed.intersection(COUNTS):
        must_be_to_come(webinar, deed.at)
        webinar.sequence += 1
    _save(webinar, deed.at)
    if groups is not None:
        webinar.groups.set(groups)
    _note(webinar, "edited", deed)
    if "capacity" in changed:
        registrations.fill(webinar, deed.at)
    if ahead and changed.intersection(MATTERS):
        registrations.tell_change(webinar, deed.at)
    return webinar


@transaction.atomic
def announce_webinar(*, webinar: Webinar, by: User | None, now: dt.datetime | None = None) -> Webinar:
    """Make it public; nobody can register yet. Raises WrongState, InThePast."""
    webinar, deed = _entered(webinar, State.ANNOUNCED, by, now)
    must_be_to_come(webinar, deed.at)
    webinar.announced_at = deed.at
    return _done(webinar, "announced", deed)


@transaction.atomic
def open_registration(*, webinar: Webinar, by: User | None, now: dt.datetime | None = None) -> Webinar:
    """Let everybody register, until the set moment or the start. Raises WrongState, InThePast."""
    webinar, deed = _entered(webinar, State.REGISTRATION_OPEN, by, now)
    must_be_to_come(webinar, deed.at)
    if webinar.registration_closes_at and webinar.registration_closes_at <= deed.at:
        raise InThePast(_("The moment at which registration closes has passed. Change it first."))
    return _done(webinar, "registration opened", deed)


@transaction.atomic
def close_registration(*, webinar: Webinar, by: User | None, now: dt.datetime | None = None) -> Webinar:
    """Take no more registrations. Raises WrongState."""
    webinar, deed = _entered(webinar, State.REGISTRATION_CLOSED, by, now)
    return _done(webinar, "registration closed", deed)


@transaction.atomic
def cancel_webinar(*, webinar: Webinar, by: User | None, reason: str, now: dt.datetime | None = None) -> Webinar:
    """Cancel for good; whoever registered hears it. Raises ReasonMissing, WrongState."""
    if not reason.strip():
        raise ReasonMissing(_("Say why: the reason is shown on the page and in the letter."))
    webinar, deed = _entered(webinar, State.CANCELLED, by, now)
    webinar.reason = reason.strip()
    webinar.sequence += 1
    webinar = _done(webinar, "cancelled", deed)
    registrations.tell_off(webinar, deed.at)
    return webinar


@transaction.atomic
def publish_recording(
    *, webinar: Webinar, by: User | None, now: dt.datetime | None = None, **details: Unpack[WebinarDetails]
) -> Webinar:
    """Put the recording on the page, with what belongs to it. Raises WrongState."""
    webinar, deed = _entered(webinar, State.RECORDING_PUBLISHED, by, now)
    for name, value in details.items():
        setattr(webinar, name, value)
    if not webinar.recording_url:
        raise WrongState(_("Give the address of the recording."))
    return _done(webinar, "recording published", deed)


def advance_webinars(*, now: dt.datetime | None = None) -> int:
    """Close registrations and note what is over, by the clock, each in its own transaction; return how many moved."""
    due = list(Webinar.objects.due(now or database_now()).values_list("pk", flat=True))
    return each_alone(due, partial(_advance, now=now))


def _advance(pk: int, now: dt.datetime | None) -> bool:
    webinar = Webinar.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    deed = Deed(None, now or database_now())
    if not Webinar.objects.due(deed.at).filter(pk=pk).exists():
        return False  # moved or cancelled meanwhile
    over = webinar.ends_at is not None and webinar.ends_at <= deed.at
    if webinar.state == State.ANNOUNCED:  # nobody ever had to register
        webinar = _enter(_enter(webinar, State.REGISTRATION_OPEN), State.REGISTRATION_CLOSED)
    elif webinar.state == State.REGISTRATION_OPEN:
        webinar = _done(_enter(webinar, State.REGISTRATION_CLOSED), "registration closed", deed)
    if over:
        webinar = _done(_enter(webinar, State.HELD), "held", deed)
    return True


def locked_webinar(webinar: Webinar) -> Webinar:
    """Return the row as it is now, locked until the end of the transaction."""
    return Webinar.objects.select_for_update(of=("self",), no_key=True).get(pk=webinar.pk)


def must_be_to_come(webinar: Webinar, now: dt.datetime) -> None:
    if webinar.starts_at is None:
        raise InThePast(_("Set the date and the hours first."))
    if webinar.starts_at <= now:
        raise InThePast(_("This time has passed. Choose one to come."))


def _entered(webinar: Webinar, state: Webinar.State, by: User | None, now: dt.datetime | None) -> tuple[Webinar, Deed]:
    """Return the locked row in its new state, and the deed: the clock is read under the lock."""
    held = _enter(locked_webinar(webinar), state)
    return held, Deed(by, now or database_now())


def _enter(webinar: Webinar, state: Webinar.State) -> Webinar:
    old = Webinar.State(webinar.state)
    if state not in Webinar.TRANSITIONS[old]:
        raise WrongState(
            _("It is in the state “%(old)s” and cannot become “%(new)s”.") % {"old": old.label, "new": state.label}
        )
    webinar.state = state
    return webinar


def _done(webinar: Webinar, verb: str, deed: Deed) -> Webinar:
    _save(webinar, deed.at)
    _note(webinar, verb, deed)
    return webinar


def _save(webinar: Webinar, at: dt.datetime) -> None:
    if webinar.starts_at:
        webinar.approx_date = ""
    webinar.changed_at = at
    webinar.calendar_block = webinar_calendar.public_block(webinar)
    webinar.save()


def _insert(webinar: Webinar, groups: Iterable[WorkingGroup], at: dt.datetime) -> Webinar:
    """Save a new row; without a short name it gets one from its title, numbered where that is taken."""
    base = webinar.slug or slugify(webinar.title)[:LONGEST_SLUG].strip("-") or "webinar"
    base = f"{base}-webinar" if base in RESERVED else base
    save_named(webinar, base, partial(_save, webinar, at))
    webinar.groups.set(groups)
    return webinar


def _note(webinar: Webinar, verb: str, deed: Deed) -> None:
    reason = webinar.reason if verb == "cancelled" else ""  # the row keeps it, whatever is done later
    record(webinar, verb, by=deed.by, reason=reason, public=webinar.announced_at is not None, at=deed.at)
