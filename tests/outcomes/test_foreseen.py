"""What the dry run says of followers is what they get: each publication at once, or a week's together."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from notices import foreseen
from notices.models import Notice
from outcomes.actions import following
from outcomes.foreseen import of_followers
from outcomes.models import Edition, Follower, Publication
from tests import factories
from tests.outcomes.test_following import DIGEST, follower

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 5, 6, 9, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
Line = tuple[dt.datetime, str, str, str]


def lines(now: dt.datetime, until: dt.timedelta) -> list[Line]:
    """Moment, address, record and reason of what is foreseen for followers."""
    found = foreseen.all_until(now + until, now=now)
    return [(each.at, each.address, each.about, each.why) for each in found if each.kind.startswith("outcomes.")]


def edition(of: Publication, **values: object) -> Edition:
    office = factories.secretariat()
    seen = {"submitted_at": NOW, "submitted_by": office, "approved_at": NOW, "approved_by": office, "built_at": NOW}
    return Edition.objects.create(publication=of, version=1, title="Told", abstract="A.", **seen, **values)


def test_whoever_follows_hears_of_what_is_published_and_of_what_will_be() -> None:
    group, other = factories.group(name="The Group"), factories.group()
    everything, some = follower(), follower(email="group@example.org", group=group)
    Follower.objects.update(told_until=NOW - DAY)
    first, later = factories.publication(other, slug="first"), factories.publication(group, slug="later")
    edition(first, state="published", published_at=NOW - MINUTE)
    edition(later, state="approved", publish_at=NOW + DAY)
    settled = following.SETTLED
    assert lines(NOW, 2 * DAY) == [
        (NOW - MINUTE + settled, everything.email, "first", "follows all outcomes by e-mail"),
        (NOW + DAY + settled, some.email, "later", "follows The Group by e-mail"),
        (NOW + DAY + settled, everything.email, "later", "follows all outcomes by e-mail"),
    ]
    assert following.tell_followers(now=NOW + settled) == 1
    assert list(Notice.objects.filter(kind="outcomes.published").values_list("address", flat=True)) == [
        everything.email
    ]
    told = [line[1:3] for line in lines(NOW + settled, 2 * DAY) if line[3].startswith("follows")]
    assert told == [(some.email, "later"), (everything.email, "later")]


def test_who_wants_one_letter_a_week_gets_what_the_engine_gathers() -> None:
    group = factories.group()
    reader = follower(cadence=DIGEST)
    Follower.objects.update(told_until=NOW)
    for number, days in enumerate((1, 2, 9)):
        publication = factories.publication(group, slug=f"p{number}")
        edition(publication, state="approved", publish_at=NOW + days * DAY)
    week = NOW + following.WEEK + following.SETTLED
    assert [line[:3] for line in lines(NOW, 20 * DAY)] == [
        (week, reader.email, "p0, p1"),
        (week + following.WEEK, reader.email, "p2"),
    ]
    assert lines(NOW, 6 * DAY) == []


def test_those_who_never_confirmed_or_have_been_told_are_not_foreseen() -> None:
    wish = following.Wish("typed@example.org", None, None, "each", "en")
    following.follow(wish=wish)
    follower()
    Follower.objects.confirmed().update(told_until=NOW)
    edition(factories.publication(factories.group()), state="published", published_at=NOW - DAY)
    assert [line for line in lines(NOW, DAY) if line[3].startswith("follows")] == []


@pytest.mark.parametrize("number", [1, 3])
def test_however_many_follow_the_queries_are_as_many(
    django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    for each in range(number):
        follower(email=f"r{each}@example.org")
        published = factories.publication(factories.group())
        edition(published, state="published", published_at=NOW)
    with django_assert_num_queries(5):
        assert len(list(of_followers(NOW, NOW + DAY))) == number * number
