"""Letters to people without an account: asking for them, confirming, leaving, and telling what was published."""

import datetime as dt
from dataclasses import dataclass
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower

from challenges.models import Challenge
from history import actions as history
from history.clock import database_now
from history.each import each_alone
from history.models import Entry
from notices.actions import planned, queue
from notices.models import Notice
from notices.nudge import DELIVER, after_commit
from outcomes.models import Edition, Follower
from workinggroups.models import WorkingGroup

CONFIRM_LETTER, PUBLISHED_LETTER, DIGEST_LETTER = "outcomes.follow", "outcomes.published", "outcomes.digest"
SETTLED = dt.timedelta(minutes=2)  # transactions end sooner: what was published before is there to be seen
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
BATCH = 200


@dataclass(frozen=True)
class Wish:
    """What somebody typed: address, what to follow (nothing: everything), how often, in which language."""

    email: str
    group: WorkingGroup | None
    topic: Challenge | None
    cadence: str
    language: str


@transaction.atomic
def follow(*, wish: Wish, now: dt.datetime | None = None) -> Follower:
    """Note the wish and send a letter with the link that confirms it, at most one an hour for the same wish."""
    moment = now or database_now()
    follower = _noted(wish, moment)
    follower.language = wish.language
    if follower.confirmed_at is None:  # of a confirmed one only the holder of the link changes anything
        follower.cadence = wish.cadence
    follower.full_clean(exclude=["asked_at"])
    follower.save()
    history.record(follower, "asked to follow", at=now)
    payload = {"language": follower.language}
    key = f"{CONFIRM_LETTER}:{follower.pk}:{moment:%Y%m%d%H}"
    letter = planned(
        CONFIRM_LETTER, follower, key, follower.email, payload=payload, due_at=moment, expires_at=moment + WEEK
    )
    queue([letter])
    return follower


def _noted(wish: Wish, moment: dt.datetime) -> Follower:
    """The row of the wish, locked; made where there is none, also by who presses the button twice at once."""
    same = Follower.objects.alias(folded=Lower("email")).filter(
        folded=Lower(Value(wish.email))
    )  # as the constraint does
    found = same.filter(group=wish.group, topic=wish.topic).select_for_update()
    if not found.exists():
        new = Follower(email=wish.email, group=wish.group, topic=wish.topic, cadence=wish.cadence, asked_at=moment)
        new.clean_fields(exclude=["asked_at"])
        Follower.objects.bulk_create([new], ignore_conflicts=True)
    return found.get()


@transaction.atomic
def confirm(*, follower: Follower, now: dt.datetime | None = None) -> Follower:
    """Whoever holds the link wants the letters: from now on. Doing it twice, or after leaving, changes nothing."""
    held = Follower.objects.select_for_update().filter(pk=follower.pk).first()
    if held is None:
        return follower
    if held.confirmed_at is None:
        held.confirmed_at = held.told_until = now or database_now()
        held.save(update_fields=["confirmed_at", "told_until"])
        history.record(held, "following confirmed", at=now)
    return held


@transaction.atomic
def leave(*, follower: Follower, now: dt.datetime | None = None) -> None:
    """Forget the address at once, also in the ledger of letters; those that wait are not sent any more."""
    if _forget(Follower.objects.filter(pk=follower.pk)):
        history.record(follower, "left", at=now)


def forget_unconfirmed(*, now: dt.datetime | None = None) -> int:
    """Forget addresses that nobody confirmed in a week; return how many. What leaving had to leave behind goes too."""
    moment = now or database_now()
    _sweep(moment)
    late = Follower.objects.forgotten(moment)
    batch = late.order_by("pk").values_list("pk", flat=True)[:BATCH]
    return each_alone(batch, lambda pk: _forget(late.filter(pk=pk)))


def _forget(found: QuerySet[Follower]) -> bool:
    """Delete the one follower, if it is still found once the row is held, with the letters to it.

    A letter that is being sent at this moment is left to the sweep: nobody waits for a mail server.
    """
    follower = found.select_for_update().first()
    if follower is None:
        return False
    _delete_letters([follower.pk])
    Follower.objects.filter(pk=follower.pk).delete()
    return True


def _sweep(now: dt.datetime) -> None:
    """Delete the letters that were being sent while their reader left, in the day since."""
    kind = ContentType.objects.get_for_model(Follower)
    left = Entry.objects.filter(about_type=kind, verb="left", at__gt=now - DAY).values_list("about_id", flat=True)
    if gone := list(left):
        _delete_letters(gone)


@transaction.atomic
def _delete_letters(followers: list[int]) -> None:
    own = Q(kind__in=[CONFIRM_LETTER, DIGEST_LETTER], about_id__in=followers)
    own |= Q(kind=PUBLISHED_LETTER, payload__follower__in=followers)
    free = Notice.objects.filter(own).select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    Notice.objects.filter(pk__in=list(free)).delete()


def tell_followers(*, now: dt.datetime | None = None) -> int:
    """Queue letters for a batch of those who have not been told of everything yet; return how many were queued.

    Each follower is a transaction of its own: what it queues and up to when it was told are written together.
    """
    until = (now or database_now()) - SETTLED
    newest = Edition.objects.published().filter(published_at__lte=until).order_by("-published_at").first()
    if newest is None:
        return 0
    each, digest = Q(cadence=Follower.Cadence.EACH), Q(cadence=Follower.Cadence.DIGEST, told_until__lt=until - WEEK)
    waiting = Follower.objects.confirmed().filter(each | digest, told_until__lt=newest.published_at)
    batch = waiting.order_by("told_until", "pk").values_list("pk", flat=True)[:BATCH]
    told = each_alone(batch, partial(_tell, until=until))
    if told:
        after_commit(DELIVER)
    return told


@transaction.atomic
def _tell(pk: int, until: dt.datetime) -> int:
    follower = Follower.objects.select_for_update(skip_locked=True).filter(pk=pk, told_until__lt=until).first()
    if follower is None or follower.told_until is None:
        return 0
    news = list(news_for(follower, follower.told_until, until))
    letters = _letters(follower, news, until)
    Follower.objects.filter(pk=pk).update(told_until=until)
    return queue(letters, wake=False)


def news_for(follower: Follower, since: dt.datetime, until: dt.datetime) -> QuerySet[Edition]:
    """What was published after `since`, up to `until`, of what is followed."""
    found = Edition.objects.published().short().filter(published_at__gt=since, published_at__lte=until)
    if follower.group_id:
        found = found.filter(publication__groups=follower.group_id)
    if follower.topic_id:
        found = found.filter(publication__topics=follower.topic_id)
    return found.select_related("publication").order_by("published_at", "pk")


def _letters(follower: Follower, news: list[Edition], until: dt.datetime) -> list[Notice]:
    known = {"follower": follower.pk, "language": follower.language}
    if not news:
        return []
    if follower.cadence == Follower.Cadence.EACH:
        return [
            planned(PUBLISHED_LETTER, one, f"{PUBLISHED_LETTER}:{one.pk}:{follower.pk}", follower.email, payload=known)
            for one in news
        ]
    key = f"{DIGEST_LETTER}:{follower.pk}:{until:%Y%m%d}"
    payload = known | {"editions": [one.pk for one in news]}
    return [planned(DIGEST_LETTER, follower, key, follower.email, payload=payload)]
