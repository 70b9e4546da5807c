"""One table over every address and every kind of visitor. Denied means: the right status, and nothing changed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from challenges.models import Challenge, LiveRoom
from meetings.actions import make_address
from meetings.models import DateSlot, Meeting, Registration, ReminderRule, Series, Webinar
from meetings.registration_tokens import token_of as token_of_registration
from meetings.tokens import token_of as token_of_reply
from notices.tokens import token_of as unsubscribe_token
from outcomes.actions.following import Wish, follow
from outcomes.models import Follower
from outcomes.tokens import token_of as follower_token
from s3cop.demo.book import Book
from tests.world import PAGED, World, build_world
from workinggroups.tokens import token_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

VISITORS = ("anonymous", "outsider", "member", "leader", "secretariat")
THEIRS = ("admin", "account_")  # addresses of Django's admin and of django-allauth, tested apart


@dataclass(frozen=True)
class Row:
    """An address, what fills it, and the status of GET for each visitor in the order of VISITORS."""

    name: str
    fill: Callable[[World], list[Any]]
    statuses: "Statuses"

    def __str__(self) -> str:
        return self.name


CHECKSUM = sql.SQL("SELECT {name}, count(*), sum(hashtextextended(t::text, 0)) FROM {table} t")


def nothing(_: World) -> list[Any]:
    return []


def group(world: World) -> list[Any]:
    return [world.group.slug]


def meeting(world: World) -> list[Any]:
    return [world.meeting.slug]


def asking(_: World) -> list[Any]:
    """The meeting whose date is asked for."""
    return ["ic-2027-spring"]


def in_series(world: World) -> list[Any]:
    """A meeting of a series; nobody is invited to it."""
    series, _new = Series.objects.get_or_create(group=world.group, title="A series", pattern="FREQ=MONTHLY;COUNT=2")
    values = {"group": world.group, "series": series, "title": "Of a series"}
    return [Meeting.objects.get_or_create(slug="of-a-series", defaults=values)[0].slug]


def announced(_: World) -> list[Any]:
    """The webinar to come."""
    return ["mirror-calls-in-practice"]


def wanting() -> Registration:
    """A registration that is not confirmed."""
    values = {"name": "Anne", "registered_at": timezone.now()}
    webinar = Webinar.objects.get(slug="mirror-calls-in-practice")
    return Registration.objects.get_or_create(webinar=webinar, email="anne@example.org", defaults=values)[0]


def a_date() -> DateSlot:
    return DateSlot.objects.order_by("starts_at", "pk")[0]


def challenge(world: World) -> list[Any]:
    return [world.challenge.slug]


def sortable(world: World) -> list[Any]:
    """A public challenge of the group that may be merged or split."""
    public = Challenge.objects.published().filter(group=world.group, status__in=["identified", "ranked"])
    return [public.order_by("pk")[0].slug]


def remark(world: World) -> list[Any]:
    """A comment of the leader's on a challenge."""
    return [world.challenge.slug, world.challenge.comments.get_or_create(by=world.leader, text="Why?")[0].pk]


def round_(name: str) -> Callable[[World], list[Any]]:
    return lambda world: [getattr(world, name).pk]


def live_code(world: World) -> list[Any]:
    return [LiveRoom.objects.get_or_create(round=world.open, defaults={"code": "kqwz7m3p"})[0].code]


def shelved(world: World) -> list[Any]:
    return [world.shelved.publication.slug, world.shelved.version]


def in_review(world: World) -> list[Any]:
    return [world.in_review.publication.slug, world.in_review.version]


def minutes(name: str, *more: Any) -> Callable[[World], list[Any]]:
    return lambda world: [getattr(world, name).meeting.slug, getattr(world, name).revision, *more]


def paper(name: str, *more: Any) -> Callable[[World], list[Any]]:
    return lambda world: [world.meeting.slug, getattr(world, name).pk, *more]


def minuted(world: World) -> list[Any]:
    return [world.minutes.meeting.slug]


def past_meeting(world: World) -> list[Any]:
    return [world.group.meetings.filter(state="published").order_by("-pk")[0].slug]


def own_calendar(world: World) -> list[Any]:
    return [make_address(by=world.member).token]


def first_reminder(world: World) -> list[Any]:
    return [world.meeting.slug, ReminderRule.objects.get(letter="meeting_soon").pk]


def answering(world: World) -> list[Any]:
    return [token_of_reply(world.meeting.attendees.get(user=world.member))]


def follower(_: World) -> list[Any]:
    wish = Wish("reader@example.org", None, None, "each", "en")
    return [follower_token(Follower.objects.first() or follow(wish=wish))]


Statuses = tuple[int, int, int, int, int]
ALL: Statuses = (200, 200, 200, 200, 200)
SIGNED_IN: Statuses = (302, 200, 200, 200, 200)
GROUP: Statuses = (302, 404, 200, 200, 200)
STEERING: Statuses = (302, 404, 403, 200, 200)  # leader and secretariat; a member is told whose step it is
OFFICE: Statuses = (302, 404, 403, 403, 200)  # the secretariat's alone
LETTERS: Statuses = (302, 404, 404, 404, 200)  # for everybody but the secretariat they do not exist
OFFICE_ONLY: Statuses = (302, 403, 403, 403, 200)  # what everybody may know of, and only the secretariat does
DESK: Statuses = (302, 404, 404, 200, 200)

# The order is that of the site map.
TABLE = [
    Row("s3cop:home", nothing, ALL),
    Row("s3cop:dashboard", nothing, SIGNED_IN),
    Row("s3cop:desk", nothing, DESK),
    Row("s3cop:privacy", nothing, ALL),
    Row("s3cop:accessibility", nothing, ALL),
    Row("s3cop:search", nothing, ALL),
    Row("s3cop:sitemap", nothing, ALL),
    Row("s3cop:robots", nothing, ALL),
    Row("s3cop:readyz", nothing, (503,) * 5),  # no schedule runs beside the tests
    Row("s3cop:styleguide", nothing, ALL),
    Row("s3cop:mailbox", nothing, ALL),
    Row("s3cop:letter", lambda _: ["no-such-letter"], (404,) * 5),
    Row("api:schema", nothing, ALL),
    Row("api:api-root", nothing, ALL),
    Row("api:publication-list", nothing, ALL),
    Row("api:publication-detail", lambda world: [world.shelved.publication.slug], ALL),
    Row("api:publication-detail", lambda world: [world.in_review.publication.slug], (404,) * 5),
    Row("api:publication-edition", shelved, ALL),
    Row("api:publication-edition", in_review, (404,) * 5),
    Row("api:reference-list", nothing, ALL),
    Row("api:reference-detail", lambda _: ["jrc-2020-manual"], ALL),
    Row("api:group-list", nothing, ALL),
    Row("api:group-detail", group, ALL),
    Row("api:meeting-list", nothing, ALL),
    Row("api:meeting-detail", meeting, ALL),
    Row("api:webinar-list", nothing, ALL),
    Row("api:webinar-detail", announced, ALL),
    Row("api:challenge-list", nothing, ALL),
    Row("api:challenge-detail", challenge, ALL),
    Row("api:round-list", nothing, ALL),
    Row("api:round-detail", round_("published"), ALL),
    Row("api:round-detail", round_("open"), (404,) * 5),
    Row("api:round-detail", round_("closed"), (404,) * 5),
    Row("people:account", nothing, SIGNED_IN),
    Row("notices:preferences", nothing, SIGNED_IN),
    Row("notices:unsubscribe", lambda world: [unsubscribe_token(world.member, ["round"])], ALL),
    Row("notices:outbox", nothing, LETTERS),
    Row("notices:catalogue", nothing, LETTERS),
    Row("notices:specimen", lambda _: ["meetings.invitation"], LETTERS),
    Row("notices:specimen_html", lambda _: ["meetings.invitation"], LETTERS),
    Row("notices:retry", lambda world: [world.notice.pk], (302, 405, 405, 405, 405)),
    Row("workinggroups:list", nothing, ALL),
    Row("workinggroups:new", nothing, LETTERS),
    Row("workinggroups:detail", group, ALL),
    Row("workinggroups:edit", group, OFFICE),
    Row("workinggroups:members", group, GROUP),
    Row("workinggroups:change_role", lambda world: [world.group.slug, world.membership.pk], STEERING),
    Row("workinggroups:end", lambda world: [world.group.slug, world.membership.pk], STEERING),
    Row("workinggroups:pause", lambda world: [world.group.slug, world.membership.pk], STEERING),
    Row("workinggroups:resume", lambda world: [world.group.slug, world.membership.pk], STEERING),
    Row("workinggroups:invite", group, STEERING),
    Row("workinggroups:withdraw", lambda world: [world.group.slug, world.invitation.pk], STEERING),
    Row("workinggroups:join", lambda world: [token_of(world.invitation)], ALL),
    Row("workinggroups:decline", lambda world: [token_of(world.invitation)], ALL),
    Row("meetings:list", nothing, ALL),
    Row("meetings:feed", nothing, ALL),
    Row("meetings:group_feed", group, ALL),
    Row("meetings:new", nothing, STEERING),
    Row("meetings:record", nothing, STEERING),
    Row("meetings:series_new", nothing, STEERING),
    Row("meetings:detail", meeting, ALL),
    Row("meetings:calendar_file", meeting, ALL),
    Row("meetings:reply", meeting, (302, 404, 200, 200, 403)),
    Row("meetings:reply_link", answering, ALL),
    Row("meetings:attendance", past_meeting, STEERING),
    Row("meetings:replies_csv", meeting, STEERING),
    Row("meetings:replies_xlsx", meeting, STEERING),
    Row("meetings:personal_feed", own_calendar, ALL),
    Row("meetings:personal_feed", lambda _: ["forged"], (404,) * 5),
    Row("meetings:address_make", nothing, SIGNED_IN),
    Row("meetings:address_renew", nothing, SIGNED_IN),
    Row("meetings:address_revoke", nothing, SIGNED_IN),
    Row("meetings:reminders", meeting, STEERING),
    Row("meetings:reminders_inherit", meeting, STEERING),
    Row("meetings:reminders_pause", meeting, STEERING),
    Row("meetings:reminders_resume", meeting, STEERING),
    Row("meetings:reminders_ask", meeting, STEERING),
    Row("meetings:reminders_send", first_reminder, STEERING),
    Row("meetings:site_reminders", nothing, LETTERS),
    Row("meetings:group_reminders", group, STEERING),
    Row("meetings:group_reminders_inherit", group, STEERING),
    Row("meetings:edit", meeting, STEERING),
    Row("meetings:cancel", meeting, STEERING),
    Row("meetings:postpone", meeting, STEERING),
    Row("meetings:series_edit", in_series, STEERING),
    Row("meetings:series_cancel", in_series, STEERING),
    Row("meetings:poll", asking, GROUP),
    Row("meetings:poll_new", asking, STEERING),
    Row("meetings:poll_dates", asking, GROUP),
    Row("meetings:poll_choose", lambda world: [*asking(world), a_date().pk], STEERING),
    Row("meetings:poll_withdraw", asking, STEERING),
    Row("meetings:minutes", minuted, ALL),
    Row("meetings:minutes_write", minuted, STEERING),
    Row("meetings:minutes_revision", minutes("minutes"), ALL),
    Row("meetings:minutes_revision", minutes("in_comment"), GROUP),
    Row("meetings:minutes_changes", minutes("minutes"), (404, 404, 200, 200, 200)),  # the first one was not published
    Row("meetings:minutes_comment", minutes("in_comment"), (302, 405, 405, 405, 405)),
    Row("meetings:minutes_step", minutes("in_comment", "approve"), STEERING),
    Row("meetings:minutes_step", minutes("minutes", "publish"), OFFICE),
    Row("meetings:paper_new", meeting, STEERING),
    Row("meetings:papers_zip", meeting, ALL),
    Row("meetings:paper", paper("paper"), ALL),
    Row("meetings:paper", paper("group_paper"), (404, 404, 200, 200, 200)),
    Row("meetings:paper_version", paper("paper", 1), ALL),
    Row("meetings:paper_edit", paper("group_paper"), STEERING),
    Row("meetings:paper_withdraw", paper("group_paper"), STEERING),
    Row("meetings:agenda", meeting, ALL),
    Row("meetings:agenda_edit", meeting, STEERING),
    Row("meetings:agenda_carry", meeting, (302, 405, 405, 405, 405)),
    Row("meetings:live", meeting, GROUP),
    Row("meetings:live_run", meeting, STEERING),
    Row("meetings:actions", nothing, SIGNED_IN),
    Row("meetings:action", lambda world: [world.point.pk], GROUP),
    Row("meetings:webinars", nothing, ALL),
    Row("meetings:webinar_new", nothing, OFFICE_ONLY),
    Row("meetings:registration", lambda _: [token_of_registration(wanting())], ALL),
    Row("meetings:registration", lambda _: ["forged"], (404,) * 5),
    Row("meetings:webinar", announced, ALL),
    Row("meetings:webinar_file", announced, ALL),
    Row("meetings:webinar_register", announced, ALL),
    Row("meetings:webinar_edit", announced, OFFICE_ONLY),
    Row("meetings:webinar_afterwards", lambda _: ["capacity-to-funding"], OFFICE_ONLY),
    Row("meetings:webinar_registrations", announced, OFFICE_ONLY),
    Row("meetings:registrations_csv", announced, OFFICE_ONLY),
    Row("meetings:registrations_xlsx", announced, OFFICE_ONLY),
    Row("meetings:registration_file", lambda _: [token_of_registration(wanting())], (404,) * 5),  # not confirmed
    Row("meetings:webinar_cancel", announced, OFFICE_ONLY),
    Row("meetings:webinar_step", lambda world: [*announced(world), "close"], OFFICE_ONLY),
    Row("challenges:list", nothing, ALL),
    Row("challenges:new", nothing, (302, 404, 200, 200, 200)),
    Row("challenges:detail", challenge, ALL),
    Row("challenges:edit", challenge, STEERING),
    Row("challenges:agenda", challenge, STEERING),
    Row("challenges:move", lambda world: [world.challenge.slug, "addressed"], STEERING),
    Row("challenges:merge", sortable, STEERING),
    Row("challenges:undo_merge", challenge, (302, 404, 403, 302, 302)),  # it is not merged
    Row("challenges:split", sortable, STEERING),
    Row("challenges:support", challenge, (302, 404, 200, 200, 403)),
    Row("challenges:comment", challenge, GROUP),
    Row("challenges:remove_comment", remark, STEERING),
    Row("challenges:round_new", nothing, DESK),
    Row("challenges:round", round_("published"), ALL),
    Row("challenges:round", round_("open"), GROUP),
    Row("challenges:round", round_("closed"), GROUP),
    Row("challenges:round", round_("draft"), (302, 404, 404, 200, 200)),
    Row("challenges:result_json", round_("published"), ALL),
    Row("challenges:result_json", round_("open"), (302, 404, 404, 404, 404)),
    Row("challenges:result_csv", round_("published"), ALL),
    Row("challenges:result_csv", round_("closed"), (302, 404, 404, 200, 200)),
    Row("challenges:ballots_file", round_("open"), (302, 404, 404, 404, 404)),
    Row("challenges:ballots_file", round_("published"), (404,) * 5),  # it shows a breakdown instead
    Row("challenges:round_edit", round_("draft"), (302, 404, 404, 200, 200)),
    Row("challenges:open", round_("draft"), (302, 404, 404, 200, 200)),
    Row("challenges:close", round_("open"), STEERING),
    Row("challenges:publish", round_("closed"), OFFICE),
    Row("challenges:cancel", round_("open"), STEERING),
    Row("challenges:decisions", round_("published"), STEERING),
    Row("challenges:focus", round_("undecided"), STEERING),
    Row("challenges:statement", round_("closed"), (302, 404, 200, 200, 403)),
    Row("challenges:paper", round_("open"), OFFICE),
    Row("challenges:room", round_("open"), STEERING),
    Row("challenges:room_revoke", round_("open"), STEERING),
    Row("challenges:live", live_code, ALL),
    Row("challenges:ballot", round_("open"), (302, 404, 200, 403, 403)),
    Row("challenges:recap", round_("open"), (302, 404, 302, 403, 403)),
    Row("outcomes:list", nothing, ALL),
    Row("outcomes:feed", nothing, ALL),
    Row("outcomes:oai", nothing, ALL),
    Row("outcomes:catalogue", nothing, ALL),
    Row("outcomes:catalogue_json", nothing, ALL),
    Row("outcomes:new", nothing, STEERING),
    Row("outcomes:new_records", lambda _: ["meeting"], STEERING),
    Row("outcomes:new_words", lambda _: ["leaflet"], STEERING),
    Row("outcomes:follow", nothing, ALL),
    Row("outcomes:follow_asked", nothing, ALL),
    Row("outcomes:following", follower, ALL),
    Row("outcomes:leave", follower, ALL),
    Row("outcomes:group_feed", group, ALL),
    Row("outcomes:topic_feed", challenge, ALL),
    Row("outcomes:references", nothing, ALL),
    Row("outcomes:reference_new", nothing, (302, 403, 403, 403, 200)),
    Row("outcomes:reference_import", nothing, (302, 403, 403, 403, 200)),
    Row("outcomes:reference_edit", lambda _: ["jrc-2020-manual"], (302, 403, 403, 403, 200)),
    Row("outcomes:reference_remove", lambda _: ["jrc-2020-manual"], (302, 403, 403, 403, 200)),
    Row("outcomes:detail", lambda world: [world.shelved.publication.slug], ALL),
    Row("outcomes:next", lambda world: [world.shelved.publication.slug], (302, 404, 403, 200, 200)),
    Row("outcomes:topics", lambda world: [world.shelved.publication.slug], (302, 404, 403, 200, 200)),
    Row("outcomes:original", lambda world: [world.shelved.publication.slug], (302, 404, 403, 200, 200)),
    Row("outcomes:translate", lambda world: [world.shelved.publication.slug], (302, 404, 403, 200, 200)),
    Row("outcomes:doi", shelved, (302, 404, 403, 403, 200)),
    Row("outcomes:edition", shelved, ALL),
    Row("outcomes:edition", in_review, (404, 404, 200, 200, 200)),
    Row("outcomes:changes", shelved, ALL),
    Row("outcomes:changes", in_review, (404,) * 5),  # it is the first edition
    Row("outcomes:card", shelved, ALL),
    Row("outcomes:card", in_review, (404,) * 5),
    Row("outcomes:download", lambda world: [*shelved(world), "pdf"], ALL),
    Row("outcomes:download", lambda world: [*in_review(world), "pdf"], (404, 404, 200, 200, 200)),
    Row("outcomes:edit", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:discard", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:preview", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:build", in_review, (302, 404, 403, 200, 200)),
    Row("outcomes:cancel", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:comment", in_review, (302, 404, 200, 200, 200)),
    Row("outcomes:submit", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:end_comments", in_review, (302, 404, 403, 302, 302)),  # there was no time for comments
    Row("outcomes:sign_off", in_review, (302, 404, 403, 200, 403)),
    Row("outcomes:approve", in_review, (302, 404, 403, 403, 403)),  # a leader signs off first
    Row("outcomes:return", in_review, (302, 404, 403, 200, 200)),
    Row("outcomes:publish", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:keep_back", in_review, (302, 404, 403, 302, 302)),
    Row("outcomes:withdraw", shelved, (302, 404, 403, 403, 200)),
]
SIGN_IN = 302
DENIED = {302, 403, 404}
DENYING = [row for row in TABLE if DENIED & set(row.statuses)]


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif pattern.name:
            yield prefix + pattern.name


def test_the_table_knows_every_address() -> None:
    known = {name for name in names(get_resolver().url_patterns) if not name.startswith(THEIRS)}
    assert {row.name for row in TABLE} == known


@pytest.fixture(scope="module")
def world(demo: Book, django_db_blocker: DjangoDbBlocker) -> World:
    """Built once on the demo community, whose fixture rolls all of it back."""
    assert demo.password
    with django_db_blocker.unblock():
        return build_world()


Browsers = dict[str, Client]


@pytest.fixture(scope="module")
def browsers(world: World, django_db_blocker: DjangoDbBlocker) -> Browsers:
    """One browser for each visitor, signed in once: signing in notes the time."""
    each = {visitor: Client() for visitor in VISITORS}
    with django_db_blocker.unblock():
        for visitor in VISITORS[1:]:
            each[visitor].force_login(getattr(world, visitor), backend=settings.AUTHENTICATION_BACKENDS[0])
    return each


Sums = set[tuple[Any, ...]]


def everything() -> Sums:
    """Each table of ours with its number of rows and one checksum."""
    models = apps.get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in models if model._meta.app_label not in {"sessions", "admin"}]
    each = [CHECKSUM.format(name=sql.Literal(table), table=sql.Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(each))
        return set(cursor.fetchall())


def writes() -> int:
    """How many rows the transaction has written so far; while no more come, no table changes, and to look is quick."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


@pytest.fixture(scope="module")
def addresses(world: World, django_db_blocker: DjangoDbBlocker) -> dict[Row, str]:
    """Where each row leads. What any of them needs is there from now on."""
    with django_db_blocker.unblock():
        return {row: reverse(row.name, args=row.fill(world)) for row in TABLE}


@pytest.fixture(scope="module")
def untouched(addresses: dict[Row, str], browsers: Browsers, django_db_blocker: DjangoDbBlocker) -> Sums:
    """What each test finds, since the one before was rolled back."""
    assert addresses
    assert browsers
    with django_db_blocker.unblock():
        assert writes() > 0, "the server counts what the world has written"
        return everything()


def is_sign_in(response: HttpResponseBase) -> bool:
    return response.status_code == SIGN_IN and "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("row", TABLE, ids=str)
def test_each_visitor_gets_the_status_of_the_table(row: Row, addresses: dict[Row, str], browsers: Browsers) -> None:
    answers = [browser.get(addresses[row]) for browser in (Client(), *list(browsers.values())[1:])]
    assert tuple(answer.status_code for answer in answers) == row.statuses
    first, *_others = [answer.getvalue() for answer in answers]  # a file that is sent is closed when it was read
    if row.statuses[0] == SIGN_IN:
        assert is_sign_in(answers[0])
    if row.statuses[0] == 200:
        assert sets_no_cookie(answers[0]) or b"csrfmiddlewaretoken" in first


def sets_no_cookie(answer: HttpResponseBase) -> bool:
    """Nor does the page vary by one: it is the same for all who read it."""
    return not answer.cookies and "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("row", DENYING, ids=str)
def test_a_denied_post_changes_nothing(
    row: Row, addresses: dict[Row, str], browsers: Browsers, untouched: Sums
) -> None:
    denied = [visitor for visitor, status in zip(VISITORS, row.statuses, strict=True) if status in DENIED]
    before = writes()
    for visitor in denied:
        answer = browsers[visitor].post(addresses[row], {"reply": "yes", "reason": "Because.", "confirm": "on"})
        assert answer.status_code in {302, 403, 404, 405, 409}
    assert writes() == before or everything() == untouched, denied


@pytest.mark.parametrize("model", PAGED)
def test_what_is_listed_as_visible_is_what_the_addresses_show(
    model: type[Model], world: World, browsers: Browsers
) -> None:
    """A record is in `visible_to` exactly when its page does not answer 404 or sign-in."""
    records: Any = model._default_manager
    people = {visitor: getattr(world, visitor, None) for visitor in VISITORS}
    visible = {visitor: set(records.visible_to(people[visitor]).values_list("pk", flat=True)) for visitor in VISITORS}
    for record, visitor in product(records.order_by("pk"), VISITORS):
        answer = browsers[visitor].get(record.get_absolute_url())
        shown = answer.status_code != 404 and not is_sign_in(answer)
        assert shown == (record.pk in visible[visitor]), (visitor, record)
