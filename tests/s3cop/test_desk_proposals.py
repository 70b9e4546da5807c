"""Proposals at the desk: what members named waits there until somebody takes it up or puts it aside."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from challenges import actions
from people.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_leader_finds_the_proposals_of_the_own_group_the_most_supported_first(
    signed_in: Callable[[User], Client],
) -> None:
    group = make.group()
    leader, member = make.leader(group), make.member(group)
    cluster = make.challenge(group, title="Known")
    for title in ("Least", "Most"):
        make.challenge(group, title=title, status="proposed", parent=cluster)
    make.challenge(make.group(), title="Elsewhere", status="proposed")
    actions.support_challenge(challenge=cluster.subdimensions.get(title="Most"), by=member)
    page = signed_in(leader).get("/desk/").content.decode()
    section = page.partition('id="proposals"')[2].partition("</section>")[0]
    assert re.findall(r'<li><a href="[^"]+">([^<]+)</a>', section) == ["Most", "Least"]
    assert ("2 proposals wait" in section, "Known · 1 supports it" in section) == (True, True)
    everything = signed_in(make.secretariat()).get("/desk/").content.decode()
    assert "Elsewhere" in everything


def test_without_proposals_the_desk_does_not_mention_them(signed_in: Callable[[User], Client]) -> None:
    group = make.group()
    make.challenge(group, title="Known")
    assert 'id="proposals"' not in signed_in(make.leader(group)).get("/desk/").content.decode()
