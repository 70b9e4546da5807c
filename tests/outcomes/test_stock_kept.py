"""What the list keeps in memory is nobody's, and learns of each publication."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from outcomes import actions
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_follows_the_content_version_and_is_nobodys(
    client: Client, signed_in: Any, django_assert_num_queries: Any
) -> None:
    def total() -> int:
        found: int = client.get("/outcomes/").context["shelf"].total
        return found

    group = factories.group()
    edition = factories.published_edition(factories.publication(group))
    leader = factories.leader(group, display_name="Zoë Unlisted")
    own = signed_in(leader).get("/outcomes/").content.decode()
    pages = [client.get(address).content.decode() for address in ("/outcomes/", "/outcomes/?page=1", "/nowhere/")]
    private = (leader.display_name, "New publication", "csrfmiddlewaretoken")
    assert [[words in page for words in private] for page in [own, *pages]] == [[True] * 3, *([[False] * 3] * 3)]
    assert total() == 1
    with django_assert_num_queries(2):
        assert total() == 1
    factories.published_edition(factories.publication(group), title="Another")
    assert total() == 2
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="Wrong.")
    assert total() == 1
    with transaction.atomic():
        factories.published_edition(factories.publication(group), title="Undone")
        assert total() == 2
        transaction.set_rollback(True)
    assert total() == 1
    factories.published_edition(factories.publication(group), title="Done")
    assert total() == 2
