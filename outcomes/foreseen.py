"""What this room is going to write: to those who follow the outcomes by e-mail, of what is published or will be."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import Min, Q

from notices import foreseen
from notices.foreseen import Foreseen
from outcomes.actions.following import DIGEST_LETTER, PUBLISHED_LETTER, SETTLED, WEEK
from outcomes.models import Edition, Follower


class News(NamedTuple):
    """An edition and the moment from which followers may read it."""

    at: dt.datetime
    slug: str
    groups: frozenset[int]
    topics: frozenset[int]

    def concerns(self, follower: Follower) -> bool:
        if follower.group_id:
            return follower.group_id in self.groups
        return not follower.topic_id or follower.topic_id in self.topics


def of_followers(now: dt.datetime, until: dt.datetime) -> Iterable[Foreseen]:
    """Those who have confirmed, told as the engine tells them: each by itself, or gathered once a week."""
    followers = Follower.objects.confirmed()
    since = followers.aggregate(first=Min("told_until"))["first"]
    news = _news(since, until) if since else []
    for follower in followers.select_related("group", "topic").order_by("pk") if news else ():
        is_each = follower.cadence == Follower.Cadence.EACH
        yield from (_each if is_each else _weekly)(follower, news, now, until)


def _news(since: dt.datetime, until: dt.datetime) -> list[News]:
    """What followers may not have been told of yet, and what is published at a set time, the first to come first."""
    untold = Q(state=Edition.State.PUBLISHED, published_at__gt=since)
    approved = Q(state=Edition.State.APPROVED, publish_at__lte=until)
    rows = Edition.objects.filter(untold | approved).short().select_related("publication")
    return sorted(map(_one, rows.prefetch_related("publication__groups", "publication__topics")))


def _one(edition: Edition) -> News:
    moment, told = edition.published_at or edition.publish_at, edition.publication
    assert moment is not None  # noqa: S101 - the query asks for one of them
    groups, topics = (frozenset(each.pk for each in records.all()) for records in (told.groups, told.topics))
    return News(moment, told.slug, groups, topics)


def _each(follower: Follower, news: list[News], now: dt.datetime, until: dt.datetime) -> Iterator[Foreseen]:
    for one in news:
        at = max(one.at + SETTLED, now)
        if follower.told_until and follower.told_until < one.at and at <= until and one.concerns(follower):
            yield Foreseen(at, follower.email, PUBLISHED_LETTER, one.slug, _why(follower))


def _weekly(follower: Follower, news: list[News], now: dt.datetime, until: dt.datetime) -> Iterator[Foreseen]:
    """Follow the weeks: one begins again with each look, whether or not there was something of theirs in it."""
    since = follower.told_until
    assert since is not None  # noqa: S101 - as of all who have confirmed
    while fresh := [one for one in news if one.at > since]:
        at = max(max(fresh[0].at, since + WEEK) + SETTLED, now)
        if at > until:
            return
        told = [one.slug for one in fresh if one.at <= at - SETTLED and one.concerns(follower)]
        if told:
            yield Foreseen(at, follower.email, DIGEST_LETTER, ", ".join(told), f"{_why(follower)}, once a week")
        since = at - SETTLED


def _why(follower: Follower) -> str:
    return f"follows {follower.subject or 'all outcomes'} by e-mail"


def register_all() -> None:
    """Called once, when the app is ready."""
    foreseen.register("outcomes.followers", of_followers)
