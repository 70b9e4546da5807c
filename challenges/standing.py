"""Where the challenges of a group stand: clusters in the order of the latest published round that ranked some."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from challenges import paper, results
from challenges.disclosure.published import Option
from challenges.models import Challenge, FocusEntry, RankingRound, RoundOption
from workinggroups.models import WorkingGroup


@dataclass
class Standing:
    """A cluster with its place ("2=", "" for none) of `total` in the latest round, and its subdimensions."""

    challenge: Challenge
    subdimensions: list[Challenge]
    place: str = ""
    rank: int = 0
    total: int = 0
    round: RankingRound | None = None


@dataclass
class Section:
    """One group's part of the register."""

    group: WorkingGroup
    standings: list[Standing] = field(default_factory=list)
    rounds: list[RankingRound] = field(default_factory=list)

    @property
    def focused(self) -> RankingRound | None:
        """The round with the latest decision on a focus."""
        decided = [round for round in self.rounds if hasattr(round, "focus")]
        return max(decided, key=lambda round: (round.focus.decided_at, round.pk), default=None)

    @property
    def in_focus(self) -> list[dict[str, str]]:
        """What that focus takes up, best place first; a joint rank is written "2="."""
        entries = self.focused.taken_up if self.focused else []  # type: ignore[attr-defined]
        places = paper.places([entry["rank"] for entry in entries])
        return [entry | {"place": place} for entry, place in zip(entries, places, strict=True)]

    @property
    def ranked(self) -> bool:
        return any(standing.place for standing in self.standings)


def listed_rounds(user: object) -> QuerySet[RankingRound]:
    """Rounds the reader may see, latest first, each with `asked`: the challenges in the order of its ballot.

    And each with `taken_up`: the entries of its focus as {"rank", "title", "slug"}, and the focus and its meeting.
    """
    entries = FocusEntry.objects.filter(focus__round=OuterRef("pk")).order_by("rank", "challenge__title")
    told = JSONObject(rank="rank", title="challenge__title", slug="challenge__slug")
    options = RoundOption.objects.filter(round=OuterRef("pk")).order_by("position")
    return (
        RankingRound.objects.visible_to(user)
        .select_related("focus__meeting")
        .annotate(asked=ArraySubquery(options.values("challenge")), taken_up=ArraySubquery(entries.values(told=told)))
        .order_by(F("published_at").desc(nulls_first=True), F("opens_at").desc(nulls_first=True), "-pk")
    )


def sections(challenges: Sequence[Challenge], rounds: Iterable[RankingRound]) -> list[Section]:
    """Sort challenges and rounds by group, ranked groups first, clusters by rank. One query: the results that count."""
    found: dict[int, Section] = {}
    within: dict[int, list[Challenge]] = defaultdict(list)
    for challenge in challenges:
        found.setdefault(challenge.group_id, Section(challenge.group))
        within[challenge.parent_id or 0].append(challenge)
    for round in rounds:
        if round.group_id in found:
            found[round.group_id].rounds.append(round)
    deciding = _deciding(found.values(), {challenge.pk for challenge in within[0]})
    for cluster in within[0]:
        places = deciding.get(cluster.group_id, {})
        found[cluster.group_id].standings.append(_standing(cluster, within[cluster.pk], places))
    for section in found.values():
        section.standings.sort(key=lambda one: (not one.place, one.rank, one.challenge.position, one.challenge.pk))
    return sorted(found.values(), key=lambda section: (not section.ranked, section.group.name))


def _standing(
    cluster: Challenge, subdimensions: list[Challenge], places: dict[int, tuple[RankingRound, Option]]
) -> Standing:
    standing = Standing(cluster, subdimensions)
    if cluster.pk in places:
        standing.round, option = places[cluster.pk]
        standing.place, standing.rank, standing.total = option.place, option.rank or 0, len(places)
    return standing


def _deciding(found: Iterable[Section], clusters: set[int]) -> dict[int, dict[int, tuple[RankingRound, Option]]]:
    """By group and challenge: what the latest published round on clusters says."""
    latest = {section.group.pk: _latest(section.rounds, clusters) for section in found}
    asked = {round.pk: list(round.asked) for round in latest.values() if round}  # type: ignore[attr-defined]
    counted = RankingRound.objects.filter(pk__in=asked).select_related("result")
    return {
        round.group_id: {asked[round.pk][option.index]: (round, option) for option in shown.options}
        for round in counted.order_by("pk")
        if (shown := results.shown(round))
    }


def _latest(rounds: Iterable[RankingRound], clusters: set[int]) -> RankingRound | None:
    published = [round for round in rounds if round.state == RankingRound.State.PUBLISHED]
    return next((round for round in published if clusters.intersection(round.asked)), None)  # type: ignore[attr-defined]
