"""Who may approve an edition in review is named on its page; where nobody is left, the page says the way out."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from outcomes import actions, rules
from outcomes.models import Edition
from people.models import User
from tests import factories
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
STUCK = "Nobody is left who could approve it"


@pytest.fixture
def group() -> WorkingGroup:
    return factories.group()


@pytest.fixture
def edition(group: WorkingGroup) -> Edition:
    edition = factories.drafted_edition(factories.publication(group))
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.READY, built_at=timezone.now())
    edition.refresh_from_db()
    return edition


def test_with_one_leader_and_one_secretary_the_page_says_the_way_out(
    group: WorkingGroup, edition: Edition, signed_in: Callable[[User], Client]
) -> None:
    leader, office = factories.leader(group), factories.secretariat(display_name="Inês")
    sent = actions.submit(edition=edition, by=office)
    assert (list(rules.approvers(sent)), STUCK in page(signed_in(office), sent)) == ([], False)
    signed = actions.sign_off(edition=sent, by=leader)
    assert (list(rules.approvers(signed)), STUCK in page(signed_in(office), signed)) == ([], True)
    actions.return_to_draft(edition=signed, by=office, reason="For the leader to send it.")
    Edition.objects.filter(pk=edition.pk).update(state=Edition.State.READY)
    sent = actions.submit(edition=edition, by=leader)
    assert list(rules.approvers(sent)) == [office]
    assert "It can be approved now, by: Inês." in page(signed_in(leader), sent)
    assert actions.approve(edition=sent, by=office).state == Edition.State.APPROVED


def test_whoever_is_named_may_approve_and_nobody_else(group: WorkingGroup, edition: Edition) -> None:
    leaders, offices = [factories.leader(group) for _ in "12"], [factories.secretariat() for _ in "12"]
    others = [factories.member(group), factories.member(group, role="rapporteur"), factories.leader(factories.group())]
    sent = actions.sign_off(edition=actions.submit(edition=edition, by=offices[0]), by=leaders[0])
    named = set(rules.approvers(sent))
    assert named == {leaders[1], offices[1]}
    assert named == {person for person in (*leaders, *offices, *others) if rules.can_approve(person, sent)}


def page(client: Client, edition: Edition) -> str:
    return client.get(edition.get_absolute_url()).content.decode()
