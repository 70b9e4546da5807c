"""What a publication is about: suggested from its records, chosen by its writer, changed later, followed by feeds."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from challenges.models import Challenge
from history.models import ContentVersion, Entry
from outcomes import actions
from outcomes.models import Publication
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
BALLOTS = [[1, 2], [1, 2], [1, 0]] * 4
WORDS = "/outcomes/new/round/words/"


@pytest.fixture
def group() -> Any:
    return factories.group()


@pytest.fixture
def ports(group: Any) -> Challenge:
    return factories.challenge(group, slug="ports", title="Ports")


def topics_of(publication: Publication) -> list[str]:
    return sorted(publication.topics.values_list("slug", flat=True))


def test_the_options_of_a_round_are_suggested_and_the_choice_of_the_writer_counts(
    signed_in: Any, group: Any, ports: Challenge
) -> None:
    options = [factories.challenge(group, slug=slug) for slug in ("capacity", "funding")]
    told = factories.published_round(group, *BALLOTS, options=options)
    Challenge.objects.filter(slug="funding").update(status="parked")
    writer = signed_in(factories.leader(group))
    form = writer.get(WORDS, {"groups": group.pk, "rounds": told.pk}).context["form"]
    assert form["topics"].value() == [options[0].pk]
    assert list(form.fields["topics"].queryset) == [options[0], ports]
    typed = {"title": "T", "abstract": "A", "kind": "report", "groups": [group.pk], "rounds": [told.pk]}
    writer.post(WORDS, typed | {"licence": "CC-BY-4.0", "topics": [options[0].pk, ports.pk]})
    assert topics_of(Publication.objects.get()) == ["capacity", "ports"]


def test_topics_change_in_print_with_a_line_in_the_history_and_feeds_follow(
    signed_in: Any, client: Client, group: Any, ports: Challenge
) -> None:
    edition = factories.published_edition(factories.publication(group), title="On ports")
    publication, before = edition.publication, ContentVersion.objects.get().number
    where, writer = reverse("outcomes:topics", args=[publication.slug]), signed_in(factories.leader(group))
    assert where in writer.get(publication.get_absolute_url()).content.decode()
    assert "Ports · " in writer.get(where).content.decode()
    page = writer.post(where, {"topics": [ports.pk]}, follow=True).content.decode()
    assert [words in page for words in ("The topics are changed.", "Topics changed")] == [True, True]
    assert "On ports" in client.get("/challenges/ports/feed.atom").content.decode()
    writer.post(where, {"topics": [ports.pk]})
    entry = Entry.objects.about(publication).get(verb="topics_changed")
    assert (entry.payload, entry.is_public) == ({"before": [], "topics": ["ports"]}, True)
    assert ContentVersion.objects.get().number == before + 1
    assert writer.post(where, {"topics": ["x"]}).context["form"].errors["topics"]


def test_a_topic_parked_since_stays_one_unless_it_is_taken_away(signed_in: Any, group: Any, ports: Challenge) -> None:
    publication = factories.published_edition(factories.publication(group)).publication
    actions.set_topics(publication=publication, topics=[ports], by=factories.secretariat())
    factories.challenge(group, slug="other", title="Other", status="parked")
    Challenge.objects.filter(pk=ports.pk).update(status="parked")
    where, writer = reverse("outcomes:topics", args=[publication.slug]), signed_in(factories.leader(group))
    form = writer.get(where).context["form"]
    offered = [str(label) for _value, label in form.fields["topics"].choices]
    assert offered == [f"Ports · {group.name} (parked)"]
    writer.post(where, {"topics": form["topics"].value()})
    assert topics_of(publication) == ["ports"]
    writer.post(where, {})
    assert topics_of(publication) == []


def test_the_page_names_the_topics_that_are_public_now(client: Client, group: Any, ports: Challenge) -> None:
    publication = factories.published_edition(factories.publication(group)).publication
    hidden = factories.challenge(group, slug="hidden", title="Hidden", status="parked")
    actions.set_topics(publication=publication, topics=[ports, hidden], by=factories.secretariat())
    page = client.get(publication.get_absolute_url()).content.decode()
    assert '<dt>Topics</dt><dd><a href="/challenges/ports/">Ports</a></dd>' in page


def test_what_nobody_reads_yet_is_built_anew_with_its_topics(group: Any, ports: Challenge) -> None:
    edition = factories.built_edition(factories.publication(group))
    actions.set_topics(publication=edition.publication, topics=[ports], by=factories.secretariat())
    built = actions.build_edition(edition.pk)
    assert built.snapshot
    assert [topic["title"] for topic in built.snapshot["publication"]["topics"]] == ["Ports"]
    assert not Entry.objects.about(edition.publication).get(verb="topics_changed").is_public
