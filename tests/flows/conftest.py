"""The people of the flows, as a fixture."""

import copy

import pytest

from tests.flows import people


@pytest.fixture(scope="module")
def settled(rows_of_module: None) -> people.Community:  # noqa: ARG001 - the people live in the database
    return people.community()


@pytest.fixture
def community(settled: people.Community, db: None) -> people.Community:  # noqa: ARG001 - what they do is rolled back
    mine = copy.deepcopy(settled)
    settled.visited = True
    return mine
