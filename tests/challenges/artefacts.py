"""Everything anybody can read of a round: all public pages and files, the outcome's formats, and every letter written.

The round is carried from opening to its outcome by the real steps; afterwards the database is put back, counters
included, so that the same round can be told again with other ballots and compared byte by byte. A page or letter is
made again if a table that it names has changed; others cannot differ.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges import actions
from challenges.models import RankingRound
from notices import mail
from notices.models import Notice
from outcomes import actions as outcomes
from outcomes.models import Edition
from people.models import User
from tests import factories as make
from tests.challenges.addresses import filled, steady
from tests.challenges.reading import Contents, Known, contents

Ballots = Sequence[Sequence[int] | None]
HOUR = dt.timedelta(hours=1)
SIGNED_IN_ONLY = {302, 403, 404, 405}
LETTERS, PAGES = Known[bytes](), Known[bytes]()


def staged(helices: Sequence[str], **values: Any) -> RankingRound:
    """Return an open round of three options with a live room; one elector for each entry of `helices`, in order.

    Beside these there are the two of the secretariat who carry it further.
    """
    group = make.group()
    make.members(group, *helices)
    opened = timezone.now().replace(minute=0, second=0, microsecond=0)
    draft = make.round_(group, closes_at=opened + 48 * HOUR, **values)
    round_ = actions.open_round(round=draft, by=None, now=opened)
    office, _other = make.secretariat(), make.secretariat()
    actions.open_room(round=round_, by=office)
    return RankingRound.objects.get(pk=round_.pk)


def artefacts(of: RankingRound, ballots: Ballots, order: Iterable[int] | None = None) -> dict[str, bytes]:
    """Name -> bytes of everything that is told if the electors answer so; None votes nothing.

    `order` says in which order they vote. The reminders go out before the last one has voted.
    """
    before = _counters()
    with transaction.atomic():
        cache.clear()
        letters = _carried(of, ballots, list(order or range(len(ballots))))
        edition = _told(of)
        now = contents()
        found = _letters(letters, now) | dict(_pages(of, edition, now))
        transaction.set_rollback(True)
    _put_back(before)
    return found


def result_of(of: RankingRound, ballots: Ballots) -> dict[str, Any]:
    """The result as its file tells it if the electors answer so."""
    with transaction.atomic():
        _carried(of, ballots, list(range(len(ballots))))
        response = Client().get(reverse("challenges:result_json", args=[of.pk]))
        transaction.set_rollback(True)
    plain: dict[str, Any] = json.loads(response.content)["result"]
    return plain


def _offices() -> list[User]:
    return list(User.objects.filter(is_secretariat=True).order_by("pk"))


def _carried(of: RankingRound, ballots: Ballots, order: list[int]) -> list[Notice]:
    """Vote, remind, close and publish; return all letters, also those that closing deletes."""
    office, _other = _offices()
    options = list(of.options.order_by("position").values_list("pk", flat=True))
    electors = list(of.electors.select_related("user").order_by("pk"))
    opened = of.opened_at
    assert opened
    for turn, number in enumerate(order):
        answers = ballots[number]
        if turn == len(order) - 1:
            actions.remind_electors(now=opened + 25 * HOUR)
        if answers is not None:
            actions.cast_ballot(
                round=of,
                by=electors[number].user,
                ranks=dict(zip(options, answers, strict=True)),
                receipt=f"receipt {number}",
                now=opened + HOUR,
            )
    letters = list(Notice.objects.order_by("pk"))
    actions.close_round(round=of, by=office, now=opened + 48 * HOUR)
    actions.publish_round(round=of, by=office, now=opened + 49 * HOUR)
    return letters + list(Notice.objects.exclude(pk__in=[letter.pk for letter in letters]).order_by("pk"))


def _told(of: RankingRound) -> Edition:
    """Publish an outcome of the round."""
    office, other = _offices()
    now = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    edition = make.drafted_edition(make.publication(of.group, slug=f"outcome-{of.pk}"), of)
    outcomes.request_build(edition=edition, by=None)
    edition = outcomes.build_edition(edition.pk, now=now)
    assert edition.state == Edition.State.READY, edition.build_error
    outcomes.submit(edition=edition, by=other, now=now)
    outcomes.approve(edition=edition, by=office, now=now)
    return outcomes.publish_edition(edition=edition, by=office, now=now)


def _letters(letters: Iterable[Notice], now: Contents) -> dict[str, bytes]:
    """Each row of the ledger, but for its running number and the second it was written, and the letter it becomes."""
    found = {}
    for row in letters:
        names = ("kind", "about_id", "recipient_id", "payload", "state", "due_at")
        kept = json.dumps({name: getattr(row, name) for name in names}, default=str)
        found[f"letter {row.key}"] = LETTERS.answer(row.key + kept, now, partial(_written, row, kept))
    return found


def _written(row: Notice, kept: str) -> bytes:
    said = mail.written(row)
    parts = [kept, str(said.subject), str(said.body), *(str(part[0]) for part in said.alternatives)]
    return "\n".join(parts).encode()


def _pages(of: RankingRound, edition: Edition, now: Contents) -> Iterator[tuple[str, bytes]]:
    named = of.options.exclude(challenge=None).order_by("position").values_list("challenge__slug", flat=True).first()
    for address in filled(of, named or "none", edition):
        yield address, PAGES.answer(address, now, partial(_page, address))


def _page(address: str) -> bytes:
    response = Client().get(address)
    assert response.status_code == 200 or response.status_code in SIGNED_IN_ONLY, (address, response.status_code)
    return steady(response.getvalue())


# -- counters -------------------------------------------------------------------------------------------------------
def _counters() -> list[tuple[str, int]]:
    """Where each counter of the database stands: it does not go back with a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences WHERE last_value > 0")
        return list(cursor.fetchall())


def _put_back(values: list[tuple[str, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("SELECT setval(%s::regclass, %s)", values)
