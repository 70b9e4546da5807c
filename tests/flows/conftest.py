"""The people of the flows, as a fixture."""

import pytest

from tests.flows import people


@pytest.fixture
def community(db: None) -> people.Community:  # noqa: ARG001 - the people live in the database
    return people.community()
