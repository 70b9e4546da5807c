"""Who withdraws the consent to be named between snapshot and publication is not named by what appears."""

import copy
import datetime as dt
from typing import Any

import pytest

from challenges.models import Challenge, Statement
from history.models import Entry
from outcomes import actions
from outcomes.errors import NamesWithdrawn, SourceNotPublic
from outcomes.models import Edition
from people.models import User
from tests import factories
from tests.outcomes import scenes

pytestmark = pytest.mark.django_db
WHEN = scenes.WHEN
HOUR = dt.timedelta(hours=1)
NOBODY = "A member of the group"


@pytest.fixture(scope="module")
def one_scene(rows_of_module: None) -> scenes.Scene:  # noqa: ARG001 - a ground for what is made here
    """Who has an action in the minutes agrees to be named."""
    made = scenes.scene()
    owner = made.meeting.actions.get().owner
    assert owner
    User.objects.filter(pk=owner.pk).update(show_name_publicly=True, display_name="Ada Openly")
    return made


@pytest.fixture
def scene(one_scene: scenes.Scene) -> scenes.Scene:
    return copy.deepcopy(one_scene)


@pytest.fixture
def owner(scene: scenes.Scene) -> User:
    found = scene.meeting.actions.get().owner
    assert found
    return found


@pytest.fixture(scope="module")
def both(one_scene: scenes.Scene) -> dict[str, Edition]:
    """An edition of each template that names people, ready to be published."""
    return {template: approved(scenes.built(one_scene, template)) for template in ("meeting", "half_year")}


@pytest.fixture
def editions(both: dict[str, Edition]) -> dict[str, Edition]:
    return copy.deepcopy(both)


def approved(edition: Edition) -> Edition:
    actions.submit(edition=edition, by=factories.secretariat(), now=WHEN)
    return actions.approve(edition=edition, by=factories.secretariat(), now=WHEN)


def withdraw_consent(person: User) -> None:
    User.objects.filter(pk=person.pk).update(show_name_publicly=False)


def named_in(edition: Edition) -> list[bool]:
    snapshot: Any = edition.snapshot
    return ["Ada Openly" in text for text in (edition.html, edition.text, str(snapshot))]


@pytest.mark.parametrize("template", ["meeting", "half_year"])
def test_publication_is_refused_and_a_new_build_leaves_the_name_out(
    editions: dict[str, Edition], owner: User, template: str
) -> None:
    edition, office = editions[template], factories.secretariat()
    assert named_in(edition) == [True] * 3
    withdraw_consent(owner)
    with pytest.raises(NamesWithdrawn, match="Send it back and build it anew"):
        actions.publish_edition(edition=edition, by=office)
    returned = actions.return_to_draft(edition=edition, by=office, reason="A name must go.")
    rebuilt = actions.build_edition(
        actions.edit_edition(edition=returned, by=office, title="Same figures").pk, now=WHEN
    )
    assert named_in(rebuilt) == [False] * 3
    assert NOBODY in rebuilt.html
    assert actions.publish_edition(edition=approved(rebuilt), by=office).state == Edition.State.PUBLISHED


def test_who_still_agrees_stays_named(editions: dict[str, Edition]) -> None:
    published = actions.publish_edition(edition=editions["meeting"], by=None)
    assert named_in(published) == [True] * 3


def test_what_was_to_appear_by_itself_is_kept_back_with_the_reason(editions: dict[str, Edition], owner: User) -> None:
    edition = editions["meeting"]
    actions.schedule(edition=edition, by=factories.secretariat(), at=WHEN + HOUR, now=WHEN)
    withdraw_consent(owner)
    assert actions.publish_due(now=WHEN + HOUR) == 0
    last = Entry.objects.about(edition.publication).order_by("-pk")[0]
    assert (last.verb, last.reason.startswith("Somebody named in this edition")) == ("edition_unscheduled", True)


def test_a_minority_statement_loses_its_name_too(scene: scenes.Scene, owner: User) -> None:
    told = scene.round
    said = Statement.objects.create(round=told, author=owner, text="Ports matter more.", named=True)
    edition = approved(scenes.built(scene, "round"))
    assert "Ada Openly" in edition.html
    Statement.objects.filter(pk=said.pk).update(named=False)
    with pytest.raises(NamesWithdrawn):
        actions.publish_edition(edition=edition, by=None)


def test_what_is_no_longer_public_is_not_published_from_a_snapshot() -> None:
    group = factories.group()
    challenge = factories.challenge(group)
    edition = approved(factories.built_edition(factories.publication(group), challenge))
    Challenge.objects.filter(pk=challenge.pk).update(status=Challenge.Status.PARKED)
    with pytest.raises(SourceNotPublic):
        actions.publish_edition(edition=edition, by=None)
