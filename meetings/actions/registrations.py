"""Who wants to come to a webinar: registered, confirmed by e-mail, waiting for a seat, reminded, forgotten later."""

import datetime as dt
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from history.actions import move_content_version
from history.clock import database_now
from history.each import each_alone
from meetings import kinds
from meetings.errors import RegistrationClosed, WrongState
from meetings.models import Registration, Webinar
from meetings.webinar_letters import MOVED
from notices.actions import planned, queue, skip_waiting
from notices.models import Notice, NoticeQuerySet

State = Registration.State
MOST_LETTERS = 3  # that one address gets by being typed in again
SOON = dt.timedelta(hours=24)
OF_STATE = {
    State.PENDING: kinds.WEBINAR_CONFIRM,
    State.CONFIRMED: kinds.WEBINAR_SEAT,
    State.WAITING: kinds.WEBINAR_WAITING,
}
TOLD_ALL = (kinds.WEBINAR_SEAT, kinds.WEBINAR_FREED)  # letters that name hours and link
KEPT = dt.timedelta(days=settings.REGISTRATIONS_KEPT_DAYS)


class Visitor(NamedTuple):
    """What somebody says of themselves."""

    name: str
    email: str
    organisation: str = ""
    question: str = ""


def is_open(webinar: Webinar, now: dt.datetime) -> bool:
    """Does it take registrations? The clock decides, not the schedule."""
    closes = [moment for moment in (webinar.registration_closes_at, webinar.starts_at) if moment]
    return webinar.state == Webinar.State.REGISTRATION_OPEN and bool(closes) and now < min(closes)


def seats_left(webinar: Webinar) -> int | None:
    """Return how many seats are free; None where they are not counted."""
    if webinar.capacity is None:
        return None
    return max(0, webinar.capacity - webinar.registrations.confirmed().count())


@transaction.atomic
def register(*, webinar: Webinar, visitor: Visitor, now: dt.datetime | None = None) -> Registration:
    """Note the wish to come and ask for confirmation by e-mail; what is said twice counts once. Seats or not.

    Whether an address was registered before is told to its mailbox only. Raises RegistrationClosed.
    """
    webinar, moment = _taking(webinar, now)
    same = webinar.registrations.alias(folded=Lower("email")).filter(folded=Lower(Value(visitor.email.strip())))
    registration = same.select_for_update().first()
    if registration is None:
        registration = Registration(webinar=webinar, email=visitor.email.strip(), registered_at=moment)
    registration.webinar = webinar
    if registration.state == State.CANCELLED:
        registration.state = State.PENDING
    if registration.state == State.PENDING:
        registration.name, registration.organisation = visitor.name.strip(), visitor.organisation.strip()
        registration.question = visitor.question.strip()
    if registration.letters < MOST_LETTERS:
        registration.letters += 1
        registration.save()
        _write(OF_STATE[State(registration.state)], [registration], moment, registration.letters)
    else:
        registration.save()
    return registration


@transaction.atomic
def confirm(*, registration: Registration, now: dt.datetime | None = None) -> Registration:
    """Give a seat to whoever follows the link in the letter, or a place in the queue where all are taken.

    Raises RegistrationClosed, WrongState.
    """
    webinar, moment = _taking(registration.webinar, now)
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    registration.webinar = webinar
    is_full = seats_left(webinar) == 0
    _enter(registration, State.WAITING if is_full else State.CONFIRMED)
    registration.waiting_since = moment if is_full else None
    registration.save()
    _show_seats(webinar)
    _write(OF_STATE[State(registration.state)], [registration], moment, registration.letters)
    return registration


@transaction.atomic
def cancel_registration(*, registration: Registration, now: dt.datetime | None = None) -> Registration:
    """Give the seat back, to whoever has waited longest; nothing more is sent to who gives it. Raises WrongState."""
    webinar = _locked(registration.webinar)
    moment = now or database_now()
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    registration.webinar = webinar
    _enter(registration, State.CANCELLED)
    registration.waiting_since = None
    registration.save()
    _show_seats(webinar)
    skip_waiting(Notice.objects.about(registration), reason="cancelled", now=moment)
    fill(webinar, moment)
    return registration


def fill(webinar: Webinar, now: dt.datetime) -> int:
    """Give free seats of a locked webinar to those who wait, the longest first, until it begins; return how many."""
    free = seats_left(webinar)
    if webinar.state not in Webinar.PLANNED or webinar.starts_at is None or webinar.starts_at <= now:
        return 0
    lucky = list(webinar.registrations.waiting().select_for_update()[:free])
    for registration in lucky:
        registration.webinar = webinar
        _enter(registration, State.CONFIRMED)
        registration.waiting_since = None
        registration.save()
    skip_waiting(_letters(lucky, kinds.WEBINAR_WAITING), reason="replaced by a newer letter", now=now)
    if lucky:
        _show_seats(webinar)
    return _write(kinds.WEBINAR_FREED, lucky, now, now.isoformat())


def place_in_queue(registration: Registration) -> int:
    """Return how many get a seat before the person, and one; 0 for who does not wait."""
    queue_ = list(registration.webinar.registrations.waiting().values_list("pk", flat=True))
    return queue_.index(registration.pk) + 1 if registration.pk in queue_ else 0


def _show_seats(webinar: Webinar) -> None:
    """The public page counts the seats that are left; kept copies of it are out of date now."""
    if webinar.capacity is not None:
        move_content_version()


def _taking(webinar: Webinar, now: dt.datetime | None) -> tuple[Webinar, dt.datetime]:
    """Return the row, locked, and the time, if it takes registrations then. Raises RegistrationClosed."""
    row = _locked(webinar)
    moment = now or database_now()
    if not is_open(row, moment):
        raise RegistrationClosed(_("Registration is not open."))
    return row, moment


def _locked(webinar: Webinar) -> Webinar:
    """Seats are counted under the row's lock, which is taken before that of a registration."""
    return Webinar.objects.select_for_update(of=("self",), no_key=True).get(pk=webinar.pk)


def _enter(registration: Registration, state: Registration.State) -> None:
    if state not in Registration.TRANSITIONS[State(registration.state)]:
        raise WrongState(_("This has been done before."))
    registration.state = state


def tell_change(webinar: Webinar, now: dt.datetime) -> int:
    """Tell the registered of another time, place or link; what waits with the old one is skipped.

    Whose confirmation still waits reads the new one in it.
    """
    confirmed = list(webinar.registrations.confirmed().order_by("pk"))
    skip_waiting(_letters(confirmed, kinds.WEBINAR_CHANGED), reason="replaced by a newer letter", now=now)
    skip_waiting(_letters(confirmed, kinds.WEBINAR_SOON).exclude(key__endswith=_soon(webinar)), reason=MOVED, now=now)
    unheard = set(_letters(confirmed, *TOLD_ALL).waiting().values_list("about_id", flat=True))
    return _write(kinds.WEBINAR_CHANGED, [each for each in confirmed if each.pk not in unheard], now, now.isoformat())


def _soon(webinar: Webinar) -> str:
    """Another place sends the news only, another time the reminder anew."""
    return webinar.starts_at.isoformat() if webinar.starts_at else ""


def tell_off(webinar: Webinar, now: dt.datetime) -> int:
    """Tell who comes, and who waits for a seat, that it is cancelled; what waits to be sent is skipped."""
    everybody = list(webinar.registrations.order_by("pk"))
    waits = (*OF_STATE.values(), kinds.WEBINAR_FREED, kinds.WEBINAR_CHANGED, kinds.WEBINAR_SOON)
    skip_waiting(_letters(everybody, *waits), reason="cancelled", now=now)
    return _write(kinds.WEBINAR_OFF, [r for r in everybody if r.state in {State.CONFIRMED, State.WAITING}], now, "")


def remind_registered(*, now: dt.datetime | None = None) -> int:
    """Send the join link once, a day before; return how many letters are new."""
    moment = now or database_now()
    return each_alone(to_remind(moment, moment + SOON), partial(_remind, now=moment))


def _remind(webinar: Webinar, now: dt.datetime) -> int:
    return _write(kinds.WEBINAR_SOON, list(webinar.registrations.confirmed().order_by("pk")), now, _soon(webinar))


def to_remind(after: dt.datetime, until: dt.datetime) -> list[Webinar]:
    """Return the webinars that begin after the one moment and until the other, the next first."""
    coming = [Webinar.State.REGISTRATION_OPEN, Webinar.State.REGISTRATION_CLOSED]
    due = Webinar.objects.filter(state__in=coming, starts_at__gt=after, starts_at__lte=until)
    return list(due.order_by("starts_at", "pk"))


def reminder_due(webinar: Webinar) -> dt.datetime:
    """Return when the join link goes out. Raises ValueError for a webinar without a time."""
    if webinar.starts_at is None:
        raise ValueError(f"{webinar.slug} has no time yet")
    return webinar.starts_at - SOON


def unreminded(webinar: Webinar) -> list[Registration]:
    """Return who comes and whose reminder of this time is not in the ledger yet."""
    confirmed = list(webinar.registrations.confirmed().order_by("pk"))
    had = _letters(confirmed, kinds.WEBINAR_SOON).filter(key__endswith=_soon(webinar))
    told = set(had.values_list("about_id", flat=True))
    return [registration for registration in confirmed if registration.pk not in told]


def forget_registrants(*, now: dt.datetime | None = None) -> int:
    """Delete registrations, and the letters to them, some weeks after the end; return how many people are forgotten."""
    moment = now or database_now()
    over = Webinar.objects.filter(ends_at__lte=moment - KEPT).values("pk")
    return each_alone(Registration.objects.filter(webinar__in=over).values_list("pk", flat=True), _forget)


def _forget(pk: int) -> int:
    registration = Registration.objects.select_for_update().filter(pk=pk).first()
    if registration is None:
        return 0
    Notice.objects.about(registration).delete()
    registration.delete()
    return 1


def _letters(people: list[Registration], *of_kinds: str) -> NoticeQuerySet:
    about = ContentType.objects.get_for_model(Registration)
    return Notice.objects.filter(kind__in=of_kinds, about_type=about, about_id__in=[each.pk for each in people])


def _write(kind: str, people: list[Registration], now: dt.datetime, version: object) -> int:
    letters = [
        planned(
            kind,
            each,
            f"{kind}:{each.pk}:{version}",
            each.email,
            due_at=now,
            expires_at=None if kind == kinds.WEBINAR_OFF else each.webinar.starts_at,
        )
        for each in people
    ]
    return queue(letters)
