"""History only ever grows."""

import pytest
from django.db import DatabaseError, transaction

from history.actions import record
from history.models import ContentVersion, Entry
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_which_record() -> None:
    group, person = factories.group(), factories.secretariat()
    record(group, "edited", by=person, reason="typing error", payload={"field": "summary"})
    entry = Entry.objects.about(group).get()
    assert (entry.verb, entry.by, entry.reason) == ("edited", person, "typing error")
    assert entry.payload == {"field": "summary"}
    assert entry.about == group


@pytest.mark.parametrize("deed", [lambda rows: rows.update(verb="other"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_or_delete_an_entry(deed: object) -> None:
    record(factories.group(), "edited")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        deed(Entry.objects.all())  # type: ignore[operator]
    assert Entry.objects.get().verb == "edited"


def test_only_public_entries_move_the_content_version() -> None:
    group = factories.group()
    record(group, "noted")
    assert not ContentVersion.objects.exists()
    record(group, "edited", public=True)
    record(group, "edited", public=True)
    assert ContentVersion.objects.get().number == 2
