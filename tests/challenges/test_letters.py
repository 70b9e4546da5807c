"""The letter that a round has opened: to all electors, as long as it is news."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from challenges import actions
from notices import delivery
from notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_electors_are_asked_in_words_with_a_link_and_the_closing_time() -> None:
    group = make.group(name="Interregional <cooperation>")
    for name in ("Γιώργος", "Борис"):
        make.member(group, display_name=name)
    closes = dt.datetime(2099, 6, 15, 16, 0, tzinfo=dt.UTC)
    make.open_round(group, closes_at=closes, title="Main & first", question="What holds you <back>?")
    assert delivery.deliver() == 2
    letter = next(letter for letter in mail.outbox if "Γιώργος" in letter.body)
    assert letter.subject == "Please rank: Main & first"
    assert "What holds you <back>?" in letter.body
    assert "open until Monday 15 June 2099, 18:00, Brussels time (CEST, UTC+02:00)." in letter.body
    assert "/ballot/" in letter.body
    html = letter.alternatives[0][0]  # type: ignore[attr-defined]  # text and HTML
    assert "What holds you &lt;back&gt;?" in html


def test_the_ledger_does_not_tell_who_has_voted() -> None:
    round_ = make.open_round(make.group(), electors=2)
    make.vote(round_, [1, 2, 3])
    assert delivery.deliver() == 2
    assert list(Notice.objects.values_list("state", "reason")) == [("sent", "")] * 2


@pytest.mark.parametrize("end", ["closed", "cancelled", "over"])
def test_no_letter_asks_for_what_is_over(end: str) -> None:
    round_ = make.open_round(make.group(), electors=1)
    now = timezone.now()
    if end == "closed":
        actions.close_round(round=round_, by=None)
    elif end == "cancelled":
        actions.cancel_round(round=round_, by=None, reason="R.")
    else:
        now += dt.timedelta(days=2)
    delivery.deliver(now=now)
    assert (len(mail.outbox), Notice.objects.get().state) == (0, "skipped")
