"""A round becomes an outcome: built from the result, reviewed by a second person, published, read and followed."""

import csv
import io
import json
from typing import Any

import feedparser
import pypdf

from challenges import actions as rounds
from challenges.models import RankingRound
from outcomes import actions
from outcomes.models import Edition
from outcomes.tasks import build_pending
from tests import factories
from tests.flows.people import Community
from tests.flows.visitor import Visitor

ROUND = "What holds us back"
OUTCOME = "What holds us back: what the members ranked first"
BALLOTS = ([1, 2, 3], [1, 3, 2], [1, 2, -1], [2, 1, 3], [1, 2, 2], [1, 0, 0])


def counted(community: Community, *, title: str = ROUND) -> RankingRound:
    """Return a closed round: everybody voted, nothing is public yet."""
    opened = factories.open_round(community.group, options=community.challenges, title=title)
    factories.vote(opened, *BALLOTS)
    return rounds.close_round(round=opened, by=community.leader)


def built(community: Community, *, title: str = ROUND) -> Visitor:
    """Publish the round in the site, let the worker build; return the secretariat."""
    counted(community, title=title)
    office = community.visit(community.secretariat).follow("Desk")
    office.follow("Publish the result").press("Publish the result")
    assert build_pending() == 1
    return office


def published(community: Community, *, title: str = ROUND) -> Visitor:
    office = built(community, title=title)
    community.visit(community.leader).follow("Desk").follow("Send to review").follow("Send to review").press("Send")
    office.open("/").follow("Desk").follow("Review and approve").follow("Approve").press("Approve")
    return office.follow("Publish").press("Publish")


def squeezed(pdf: pypdf.PdfReader, between: str = "") -> str:
    return between.join(page.extract_text() for page in pdf.pages)


def test_a_published_round_is_built_reviewed_published_read_and_followed(community: Community) -> None:
    office = published(community)
    assert office.flashes == ["The edition is published."]
    reader = Visitor().open("/").follow("Outcomes").follow(OUTCOME)
    assert reader.heading == OUTCOME
    assert "Approved by a second person" in reader.text
    places = [["Capacity", "1", "1"], ["Alignment", "2", "2"], ["Funding", "3", "2"]]
    assert reader.rows("Challenge", "Place", "Tier") == places
    assert reader.client.cookies == {}
    the_downloads_say_the_same(reader, community)
    the_feed_brings_it(community)
    the_page_leads_to_the_round_and_the_round_to_the_page()


def the_page_leads_to_the_round_and_the_round_to_the_page() -> None:
    reader = Visitor().open("/").follow(OUTCOME)
    address = reader.address
    reader.follow(ROUND)
    assert reader.heading == "Capacity comes first"
    assert reader.follow(OUTCOME).address == address


def the_downloads_say_the_same(reader: Visitor, community: Community) -> None:
    pdf = pypdf.PdfReader(io.BytesIO(Visitor().open(reader.link("Read as PDF")).answer.content))
    words = " ".join(squeezed(pdf, " ").split())
    assert OUTCOME in words
    assert "Capacity comes first. 6 of 6 electors voted." in words
    catalogue: Any = pdf.root_object
    assert catalogue["/MarkInfo"]["/Marked"]
    table = list(csv.reader(io.StringIO(Visitor().open(reader.link("Data (CSV)")).answer.content.decode("utf-8-sig"))))
    assert [row for row in table if "Capacity" in row]
    data = json.loads(Visitor().open(reader.link("Data (JSON)")).answer.content)
    assert data["publication"]["groups"][0]["name"] == community.group.name


def the_feed_brings_it(community: Community) -> None:
    feed = feedparser.parse(Visitor().open("/").follow("Outcomes").follow("Follow these outcomes").answer.content)
    assert [(entry.title, entry.author) for entry in feed.entries] == [(OUTCOME, community.group.name)]
    assert not feed.bozo


def test_a_draft_is_hidden_who_sent_it_to_review_cannot_approve_and_only_the_secretariat_publishes(
    community: Community,
) -> None:
    office = built(community).follow("Desk").follow("Send to review")
    nobody_else_finds_it(community, office.address)
    office.follow("Send to review").press("Send to review")
    assert office.hrefs("Approve") == []
    own = office.open(f"{office.address}approve/", status=403)
    assert "not the person who sent it to review or signed it off" in own.text
    leader = community.visit(community.leader).follow("Desk").follow("Review and approve").follow("Sign off")
    leader.press("Sign off")
    assert leader.hrefs("Approve") == []
    actions.approve(edition=Edition.objects.get(), by=factories.secretariat())
    assert leader.open(leader.address).hrefs("Publish") == []
    assert "the secretariat’s step" in leader.open(f"{leader.address}publish/", status=403).text
    assert [edition.state for edition in Edition.objects.all()] == [Edition.State.APPROVED]


def nobody_else_finds_it(community: Community, address: str) -> None:
    community.visit(community.members[0]).open(address, status=404)
    community.visit(community.stranger).open(address, status=404)
    Visitor().open(address, status=404)
    assert "It will stand here and in the feed." in Visitor().open("/").follow("Outcomes").text


def test_a_draft_sent_back_says_why_and_is_built_again(community: Community) -> None:
    built(community)
    leader = community.visit(community.leader).follow("Desk").follow("Send to review").follow("Send to review")
    leader.press("Send to review")
    office = community.visit(community.secretariat).follow("Desk").follow("Review and approve").follow("Send back")
    office.press("Send back", {"Reason": "Say what the tiers mean."})
    assert "Say what the tiers mean." in leader.open(leader.address).text
    leader.follow("Edit").press("Save", {"In plain words": "Tiers hold what cannot be told apart."})
    assert build_pending() == 1
    assert "Tiers hold what cannot be told apart." in leader.open(leader.address).follow("Go to the edition").text


def test_a_hostile_title_appears_letter_by_letter(community: Community) -> None:
    """The title goes through HTML, typst and CSV; each has its own way of being fooled."""
    hostile = '=1+1 #read("/etc/passwd") <script>alert(1)</script>'
    published(community, title=hostile)
    reader = Visitor().open("/").follow("Outcomes").follow(hostile)
    assert reader.heading.startswith(hostile)
    pdf = pypdf.PdfReader(io.BytesIO(Visitor().open(reader.link("Read as PDF")).answer.content))
    assert hostile.replace(" ", "") in "".join(page.extract_text() for page in pdf.pages).replace(" ", "").replace(
        "\n", ""
    )
    table = Visitor().open(reader.link("Data (CSV)")).answer.content.decode("utf-8-sig")
    assert not [cell for row in csv.reader(io.StringIO(table)) for cell in row if cell.startswith(("=", "+", "@"))]
