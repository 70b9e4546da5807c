"""A publication that was built before its group decided the focus says so, and takes the decision up by one click."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from challenges import actions as challenges
from challenges.models import Focus
from outcomes import actions
from outcomes.models import Edition
from outcomes.tasks import build_pending
from people.models import User
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
SignedIn = Callable[[User], Client]
TOLD = "The group has decided its focus since the records were gathered."
REASON = "Nothing works without people."


@pytest.fixture
def built() -> Edition:
    """What is built by itself of a round, its focus being open."""
    told = factories.published_round(factories.group(), *[[1, 2, 3]] * 5)
    assert build_pending() == 1
    edition: Edition = told.publication.editions.get()
    return edition


def decide(edition: Edition) -> Focus:
    told = edition.sources.get().round
    assert told
    chosen = [option.challenge for option in told.options.order_by("position") if option.challenge][:2]
    return challenges.decide_focus(
        round=told, entries=[(1, one) for one in chosen], reason=REASON, by=factories.secretariat()
    )


def test_the_decision_is_named_and_taken_up_with_the_records(built: Edition, signed_in: SignedIn) -> None:
    office = signed_in(factories.secretariat())
    page = built.get_absolute_url()
    assert TOLD not in office.get(page).content.decode()
    focus = decide(built)
    assert TOLD in office.get(page).content.decode()
    assert REASON not in office.get(page).content.decode()
    office.post(f"{page}build/")
    assert build_pending() == 1
    built.refresh_from_db()
    assert [source.record for source in built.sources.order_by("position")] == [focus.round, focus]
    assert (REASON in built.html, TOLD in office.get(page).content.decode()) == (True, False)


def test_in_review_it_is_named_and_the_edition_has_to_come_back_first(built: Edition, signed_in: SignedIn) -> None:
    Edition.objects.filter(pk=built.pk).update(state=Edition.State.IN_REVIEW)
    decide(built)
    page = signed_in(factories.secretariat()).get(built.get_absolute_url()).content.decode()
    assert ("Send it back to take the decision up." in page, "Take the decision up and build" in page) == (True, False)


def test_what_was_decided_before_and_left_out_stays_left_out(built: Edition, signed_in: SignedIn) -> None:
    decide(built)
    actions.request_build(edition=built, by=None)
    actions.build_edition(built.pk, now=timezone.now() + dt.timedelta(minutes=1))
    built.sources.exclude(focus=None).delete()
    office = signed_in(factories.secretariat())
    assert TOLD not in office.get(built.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("state", "button"), [("draft", "Build"), ("failed", "Try again"), ("ready", "")])
def test_a_draft_and_a_failed_build_offer_the_next_step_on_the_page(
    built: Edition, signed_in: SignedIn, state: str, button: str
) -> None:
    Edition.objects.filter(pk=built.pk).update(state=state)
    page = signed_in(factories.secretariat()).get(built.get_absolute_url()).content.decode()
    form = re.search(rf'action="{built.get_absolute_url()}build/">.*?<button[^>]*>([^<]+)</button>', page)
    assert (form.group(1) if form else "") == button
