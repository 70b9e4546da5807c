"""Where the challenges of a group stand: clusters, and the subdimensions of each, as the latest round ranked them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from challenges import paper, results
from challenges.disclosure.published import Option
from challenges.models import Challenge, FocusEntry, RankingRound, RoundOption
from history.prepared import Key, Prepared
from workinggroups.models import WorkingGroup

Places = dict[int, tuple[RankingRound, Option]]  # by challenge: what one round says of each that it asked about
Family = tuple[int, int]  # a group, and one of its clusters, or 0 for the clusters themselves


@dataclass
class Standing:
    """A challenge with its place ("2=", "" for none) of `total` in a round; a cluster with its subdimensions."""

    challenge: Challenge
    subdimensions: list["Standing"] = field(default_factory=list)
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
    return (
        RankingRound.objects.visible_to(user)
        .select_related("focus__meeting")
        .annotate(asked=_asked(), taken_up=ArraySubquery(entries.values(told=told)))
        .order_by(F("published_at").desc(nulls_first=True), F("opens_at").desc(nulls_first=True), "-pk")
    )


def sections(challenges: Sequence[Challenge], rounds: Iterable[RankingRound]) -> list[Section]:
    """Sort challenges and rounds by group, ranked groups first, the rest by rank. One query: the results that count."""
    found: dict[int, Section] = {}
    families: dict[Family, list[Challenge]] = defaultdict(list)
    for challenge in challenges:
        found.setdefault(challenge.group_id, Section(challenge.group))
        families[challenge.group_id, challenge.parent_id or 0].append(challenge)
    for round in rounds:
        if round.group_id in found:
            found[round.group_id].rounds.append(round)
    places = _deciding(found, families)
    for group, section in found.items():
        section.standings = standings(families[group, 0], places.get((group, 0), {}))
        for cluster in section.standings:
            family = group, cluster.challenge.pk
            cluster.subdimensions = standings(families.get(family, ()), places.get(family, {}))
    return sorted(found.values(), key=lambda section: (not section.ranked, section.group.name))


def standings(challenges: Iterable[Challenge], places: Places) -> list[Standing]:
    """The challenges by rank, then those without one as the register sorts them."""
    found = [_standing(challenge, places) for challenge in challenges]
    return sorted(found, key=lambda one: (not one.place, one.rank, one.challenge.position, one.challenge.pk))


def asking(challenge: Challenge) -> list[Places]:
    """What the published rounds on the challenge or on its subdimensions say, latest first. One query."""
    return [_places(round, round.asked) for round in ASKING.ask(challenge=challenge.pk)]  # type: ignore[attr-defined]


def _asking() -> QuerySet[RankingRound]:
    challenge = Key("challenge", BigIntegerField())
    options = RoundOption.objects.filter(Q(challenge=challenge) | Q(challenge__parent=challenge))
    rounds = RankingRound.objects.filter(state=RankingRound.State.PUBLISHED, pk__in=options.values("round"))
    return rounds.select_related("result").annotate(asked=_asked()).order_by("-published_at", "-pk")


ASKING = Prepared(_asking)


def latest(rounds: Iterable[Places], challenges: Iterable[Challenge]) -> Places:
    """Of rounds, the latest first, the one that asked about some of the challenges."""
    wanted = {challenge.pk for challenge in challenges}
    return next((told for told in rounds if wanted.intersection(told)), {})


def _asked() -> ArraySubquery:
    return ArraySubquery(RoundOption.objects.filter(round=OuterRef("pk")).order_by("position").values("challenge"))


def _standing(challenge: Challenge, places: Places) -> Standing:
    standing = Standing(challenge)
    if challenge.pk in places:
        standing.round, option = places[challenge.pk]
        standing.place, standing.rank, standing.total = option.place, option.rank or 0, len(places)
    return standing


def _deciding(found: dict[int, Section], families: dict[Family, list[Challenge]]) -> dict[Family, Places]:
    """By family: what the latest published round on its members says."""
    latest: dict[Family, Any] = {
        family: _latest(found[family[0]].rounds, {challenge.pk for challenge in members})
        for family, members in families.items()
    }
    asked = {round.pk: round.asked for round in latest.values() if round}
    counted = RankingRound.objects.filter(pk__in=asked).select_related("result").order_by("pk")
    told = {round.pk: _places(round, asked[round.pk]) for round in counted}
    return {family: told[round.pk] for family, round in latest.items() if round}


def _places(round: RankingRound, asked: Sequence[int]) -> Places:
    shown = results.shown(round)
    return {asked[option.index]: (round, option) for option in shown.options} if shown else {}


def _latest(rounds: Iterable[RankingRound], members: set[int]) -> RankingRound | None:
    published = [round for round in rounds if round.state == RankingRound.State.PUBLISHED]
    return next((round for round in published if members.intersection(round.asked)), None)  # type: ignore[attr-defined]
