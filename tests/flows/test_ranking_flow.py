"""A member ranks challenges: planned at the desk, ranked from the dashboard, counted, published, read by everybody."""

import pytest

from challenges.models import Ballot, RankingRound
from tests.flows.people import CHALLENGES, Community
from tests.flows.visitor import Visitor

ROUND = "What holds us back"
QUESTION = "Which challenge holds your region back most?"
FIRST, SECOND, THIRD = ({title: str(rank) for title, rank in zip(CHALLENGES, ranks, strict=True)} for ranks in
                        ((1, 2, 3), (1, 3, 2), (2, 1, 3)))  # fmt: skip


def answers(ranks: dict[str, str]) -> dict[str, str | bool]:
    return {f"Rank of {title}": rank for title, rank in ranks.items()}


def plan(leader: Visitor) -> Visitor:
    """From the desk to the draft."""
    options: dict[str, str | bool] = dict.fromkeys(CHALLENGES, True)
    leader.open("/").follow("Desk").follow("New round")
    return leader.press("Save the draft", {"Title": ROUND, "Question": QUESTION, **options})


def opened(community: Community) -> Visitor:
    """Return the leader on the page of the round, which members can rank now."""
    leader = plan(community.visit(community.leader))
    return leader.follow("Open the round").press("Open the round")


def vote(community: Community, number: int, ranks: dict[str, str]) -> Visitor:
    member = community.visit(community.members[number]).follow("Rank now")
    return member.press("Submit ballot", answers(ranks))


def close(leader: Visitor) -> Visitor:
    return leader.open("/").follow("Desk").follow("Close the round").press("Close and count")


def test_members_rank_and_everybody_reads_the_result(community: Community) -> None:
    leader = opened(community)
    for number, ranks in enumerate((FIRST, FIRST, FIRST, SECOND, SECOND, THIRD)):
        recap = vote(community, number, ranks)
        assert recap.flashes == ["Your ballot was recorded."]
    close(leader)
    office = (
        community.visit(community.secretariat).follow("Desk").follow("Publish the result").press("Publish the result")
    )
    assert office.flashes == ["The result is published. Its outcome publication will be built within a minute."]
    reader = Visitor().open("/").follow("The full result")
    assert reader.heading == "Capacity comes first"
    assert "6 of 6 members voted" in reader.text
    places = [["1", "Capacity", "1"], ["2", "Alignment", "2"], ["3", "Funding", "2"]]
    assert reader.rows("Rank", "Challenge", "Tier") == places
    assert reader.client.cookies == {}


def test_the_recap_says_what_was_recorded_and_the_last_ballot_counts(community: Community) -> None:
    opened(community)
    member = vote(community, 0, {"Capacity": "1", "Alignment": "1", "Funding": "No opinion"})
    assert "What was recorded 1= Alignment 1= Capacity No opinion: Funding" in member.text
    member.follow("Change it").press("Submit ballot", answers({"Capacity": "Not a priority", "Funding": "1"}))
    assert "What was recorded 1= Alignment 1= Funding Not a priority: Capacity" in member.text
    assert [sorted(ballot.ranks) for ballot in Ballot.objects.order_by("pk")] == [[0, 1, 1]]
    assert "Nothing awaits you" in member.open("/").follow("Dashboard").text


def test_before_closing_nobody_sees_more_than_the_turnout(community: Community) -> None:
    leader = opened(community)
    vote(community, 0, FIRST)
    address = leader.address
    for person in (community.leader, community.members[0], community.secretariat):
        page = community.visit(person).open(address)
        assert "ballots of 6 electors 1" in page.text
        assert "Nothing else is shown before closing" in page.text
        assert page.page.all("table") == []
    stranger = Visitor().open(address)
    assert stranger.heading == "Sign in"


def test_a_ballot_that_comes_too_late_is_shown_once_and_not_counted(community: Community) -> None:
    leader = opened(community)
    slow = community.visit(community.members[0]).follow("Rank now")
    vote(community, 1, FIRST)
    close(leader)
    slow.press("Submit ballot", answers(SECOND), status=409)
    assert slow.heading == "The round closed while you ranked"
    assert "This ballot was not counted. You had cast no ballot before." in slow.text
    assert "What you had ranked 1 Capacity 2 Funding 3 Alignment" in slow.text
    assert Ballot.objects.count() == 1


def test_a_ballot_that_cannot_be_read_is_refused_beside_the_field_and_kept(community: Community) -> None:
    opened(community)
    member = community.visit(community.members[0]).follow("Rank now")
    name = member.field("Rank of Capacity")["name"]
    sent = [(key, "first!" if key == name else "1") for key, _ in member.values("Submit ballot")]
    member.post([*sent, member.token])
    assert member.field("Rank of Capacity")["aria-invalid"] == "true"
    assert member.values("Submit ballot") == sent
    assert Ballot.objects.count() == 0


def test_whom_the_round_does_not_ask_is_told_so(community: Community) -> None:
    address = f"{opened(community).address}ballot/"
    leader = community.visit(community.leader).open(address, status=403)
    assert "You are not among the electors of this round" in leader.text
    community.visit(community.stranger).open(address, status=404)
    assert Visitor().open(address).heading == "Sign in"


LACKING = [("Question", "Fill in “Question”"), ("Challenges", "Fill in “Challenges to rank”")]


@pytest.mark.parametrize(("missing", "sentence"), LACKING)
def test_a_plan_that_lacks_something_keeps_the_rest(community: Community, missing: str, sentence: str) -> None:
    leader = community.visit(community.leader).follow("Desk").follow("New round")
    options: dict[str, str | bool] = {} if missing == "Challenges" else dict.fromkeys(CHALLENGES, True)
    question = "" if missing == "Question" else QUESTION
    leader.press("Save the draft", {"Title": ROUND, "Question": question, **options})
    assert leader.field("Title")["value"] == ROUND
    assert leader.title.startswith("Error:")
    assert sentence in leader.text
    assert not RankingRound.objects.exists()
