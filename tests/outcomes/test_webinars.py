"""A publication on a webinar: what was said, where the recording is, and what it was built on; and the way back."""

import copy
import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from meetings import actions as meetings
from meetings.models import Webinar
from outcomes import actions, files
from outcomes.errors import SourceNotPublic
from outcomes.models import Edition, EditionSource
from outcomes.snapshot import take
from outcomes.webinar_records import webinar_record
from tests import factories
from tests.outcomes import scenes

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
RECORDING = "https://video.example.org/1"


@pytest.fixture(scope="module")
def one_scene(rows_of_module: None) -> scenes.Scene:  # noqa: ARG001 - a ground for what is made here
    return scenes.scene()


@pytest.fixture
def scene(one_scene: scenes.Scene) -> scenes.Scene:
    return copy.deepcopy(one_scene)


@pytest.fixture(scope="module")
def one_webinar(one_scene: scenes.Scene) -> Webinar:
    held = meetings.record_webinar(
        by=None, groups=[one_scene.group], title="From capacity to funding", approx_date="2024-05",
        series="S3 webinars", position=1, participants=150, account="Money comes **second**.",
        slides_url="https://video.example.org/slides",
    )  # fmt: skip
    return meetings.publish_recording(webinar=held, by=None, recording_url=RECORDING)


@pytest.fixture
def webinar(one_webinar: Webinar) -> Webinar:
    return copy.deepcopy(one_webinar)


def planned(of: scenes.Scene, *sources: Any) -> Edition:
    about = factories.publication(of.group, kind="webinar")
    made = factories.drafted_edition(about, *sources, template="meeting", title="From capacity to funding")
    return actions.request_build(edition=made, by=None)


def content(edition: Edition, kind: str) -> str:
    return files.path_of(edition.files.get(format=kind).sha256).read_bytes().decode()


def test_another_webinar_in_the_place_of_one_brings_a_new_snapshot(scene: scenes.Scene, webinar: Webinar) -> None:
    other = meetings.record_webinar(by=None, groups=[scene.group], title="From funding to practice", approx_date="2024")
    edition = planned(scene, webinar)
    Edition.objects.filter(pk=edition.pk).update(state="failed", snapshot={"version": 0})
    swapped = actions.edit_edition(edition=edition, by=factories.secretariat(), sources=[other])
    assert swapped.snapshot is None


def test_the_edition_tells_what_was_said_and_what_is_behind_in_short(scene: scenes.Scene, webinar: Webinar) -> None:
    edition = actions.build_edition(planned(scene, webinar, scene.meeting).pk)
    assert edition.state == "ready"
    for told in ("<strong>second</strong>", "S3 webinars, 1", "May 2024", RECORDING, "The meeting behind this"):
        assert told in edition.html, told
    assert "Who came" not in edition.html  # the meeting has a report of its own
    rows = list(csv.reader(io.StringIO(content(edition, "csv"))))
    assert ["webinar", "From capacity to funding", "", "", "", "participants", "150"] in [row[2:] for row in rows]
    assert edition.snapshot
    steps = [(step["kind"], step["title"]) for step in edition.snapshot["provenance"]]
    assert steps == [("Webinar", "From capacity to funding"), ("Meeting", scene.meeting.title)]


def test_what_is_not_public_is_not_told_of(scene: scenes.Scene, webinar: Webinar) -> None:
    draft = meetings.draft_webinar(by=None, title="Secret plans")
    with pytest.raises(SourceNotPublic):
        take(planned(scene, draft), now=scenes.WHEN)
    Webinar.objects.filter(pk=webinar.pk).update(state="held")
    assert webinar_record(Webinar.objects.get(pk=webinar.pk))["links"] == {"slides": "https://video.example.org/slides"}


def test_the_three_pages_offer_it_and_begin_with_its_title(
    scene: scenes.Scene, webinar: Webinar, signed_in: SignedIn
) -> None:
    writer = signed_in(factories.secretariat())
    records = reverse("outcomes:new_records", args=["meeting"])
    assert "From capacity to funding · May 2024 · " in writer.get(records).content.decode()
    chosen = {"groups": str(scene.group.pk), "webinars": str(webinar.pk), "meetings": str(scene.meeting.pk)}
    assert list(writer.get(records, {"groups": str(scene.group.pk), "next": "words"}).context["form"].errors) == [
        "meetings"
    ]
    sent = writer.get(records, chosen | {"next": "words"})
    form = writer.get(sent["Location"]).context["form"]
    assert (form.initial["title"], form.initial["kind"]) == ("From capacity to funding", "webinar")
    posted = writer.post(
        reverse("outcomes:new_words", args=["meeting"]),
        chosen | {"title": "T", "abstract": "A.", "kind": "webinar", "language": "en", "licence": "CC-BY-4.0"},
    )
    assert posted.status_code == 302
    rows = EditionSource.objects.order_by("position")
    assert [str(row) for row in rows] == [scene.meeting.title, "From capacity to funding"]


def test_its_page_leads_to_the_publication(scene: scenes.Scene, webinar: Webinar) -> None:
    edition = factories.published_edition(
        factories.publication(scene.group, kind="webinar"), webinar, scene.meeting, template="meeting"
    )
    page = Client().get(webinar.get_absolute_url())
    assert [report.pk for report in page.context["reports"]] == [edition.pk]
    assert edition.publication.get_absolute_url() in page.content.decode()
    assert webinar.get_absolute_url() in Client().get(edition.publication.get_absolute_url()).content.decode()


def test_a_source_is_one_record(scene: scenes.Scene, webinar: Webinar) -> None:
    edition = planned(scene, webinar)
    with pytest.raises(IntegrityError, match="exactly_one"), transaction.atomic():
        EditionSource.objects.create(edition=edition, position=9, webinar=webinar, meeting=scene.meeting)
