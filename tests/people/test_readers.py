"""A query written once for all readers shows each what a query written for them alone would."""

import pytest

from challenges.models import Challenge
from people.models import User
from people.readers import ForReaders
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_each_reader_sees_what_is_visible_to_them_however_often_it_is_asked() -> None:
    groups = [make.group(), make.group()]
    for group in groups:
        make.challenge(group)
        make.challenge(group, status="proposed")
    asked = ForReaders(lambda reader: Challenge.objects.visible_to(reader).order_by("pk"))
    readers: list[User | None] = [None, make.user(), *map(make.member, groups), make.secretariat()]
    for reader in (*readers, *reversed(readers)):
        assert asked.ask(reader) == list(Challenge.objects.visible_to(reader).order_by("pk"))
    assert [len(asked.ask(reader)) for reader in readers] == [2, 2, 3, 3, 4]
