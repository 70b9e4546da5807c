"""The verbs of the register: two levels, free addresses, a life cycle with reasons, and a full history."""

import pytest

from challenges import actions
from challenges.actions import Entry as Line
from challenges.errors import EntryRefused
from challenges.models import Challenge
from history.models import Entry
from people.models import User
from tests import factories as make
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db

Status = Challenge.Status


@pytest.fixture
def group() -> WorkingGroup:
    return make.group()


@pytest.fixture
def leader(group: WorkingGroup) -> User:
    return make.leader(group)


def add(group: WorkingGroup, title: str, **values: object) -> Challenge:
    entry = Line(group=group, title=title, **values)  # type: ignore[arg-type]  # fields of the entry
    return actions.add_challenge(entry=entry, status=Status.IDENTIFIED, by=None)


def told(challenge: Challenge) -> list[tuple[str, str]]:
    return list(Entry.objects.about(challenge).published().order_by("pk").values_list("verb", "reason"))


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Building capacity", ["building-capacity", "building-capacity-2", "building-capacity-3"]),
        ("Ικανότητες", ["challenge", "challenge-2", "challenge-3"]),
        ("New", ["new-2", "new-3", "new-4"]),
    ],
)
def test_each_challenge_gets_an_address_of_its_own(title: str, slugs: list[str], group: WorkingGroup) -> None:
    assert [add(group, title).slug for _ in range(3)] == slugs


def test_a_long_title_gives_an_address_that_fits(group: WorkingGroup) -> None:
    assert [len(add(group, "word " * 40).slug) for _ in range(2)] == [59, 61]


def test_new_challenges_come_last_among_their_kind(group: WorkingGroup) -> None:
    first, second = add(group, "One"), add(group, "Two")
    part = add(group, "Part", parent=first)
    chosen = add(group, "Chosen", position=1)
    assert [first.position, second.position, part.position, chosen.position] == [1, 2, 1, 1]


def test_a_subdimension_belongs_to_a_cluster_of_its_group(group: WorkingGroup) -> None:
    part = add(group, "Part", parent=add(group, "Cluster"))
    for parent in (part, add(make.group(), "Elsewhere")):
        with pytest.raises(EntryRefused):
            add(group, "Third level", parent=parent)
    assert Challenge.objects.filter(title="Third level").count() == 0


def test_a_cluster_that_has_become_a_subdimension_meanwhile_takes_none(group: WorkingGroup, leader: User) -> None:
    first, second, third = (add(group, title) for title in ("First", "Second", "Third"))
    as_it_was = Challenge.objects.get(pk=second.pk)
    actions.edit_challenge(challenge=second, entry=Line(group=group, title="Second", parent=third), by=leader)
    with pytest.raises(EntryRefused):
        actions.edit_challenge(challenge=first, entry=Line(group=group, title="First", parent=as_it_was), by=leader)


def test_editing_writes_the_earlier_wording_and_nothing_when_nothing_changed(group: WorkingGroup, leader: User) -> None:
    challenge = add(group, "Before", text="Text")
    same = Line(group=group, title="Before", text="Text")
    actions.edit_challenge(challenge=challenge, entry=same, by=leader)
    actions.edit_challenge(challenge=challenge, entry=Line(group=group, title="After", text="Text"), by=leader)
    entries = Entry.objects.about(challenge).filter(verb="edited")
    assert [(entry.payload, entry.by) for entry in entries] == [({"title": ["Before", "After"]}, leader)]
    challenge.refresh_from_db()
    assert (challenge.title, challenge.slug) == ("After", "before")


def test_a_short_name_that_was_asked_for_and_is_taken_is_refused(group: WorkingGroup) -> None:
    add(group, "First", slug="capacity")
    with pytest.raises(EntryRefused, match="“capacity” is taken"):
        add(make.group(), "Second", slug="capacity")
    assert Challenge.objects.filter(title="Second").count() == 0
