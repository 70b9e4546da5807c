"""Loads challenges, ranking rounds with their ballots, and the focus, each at its own time."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from challenges.actions.ballots import cast_ballot
from challenges.actions.decisions import name_decision, name_focus_decision
from challenges.actions.focus import decide_focus
from challenges.actions.merging import merge_challenge
from challenges.actions.publishing import publish_round
from challenges.actions.register import Entry, add_challenge, move_challenge
from challenges.actions.rounds import Plan, close_round, create_round, open_round
from challenges.models import Challenge, Focus, RankingRound
from meetings.models import AgendaItem, Decision, Meeting
from people.models import User
from s3cop.demo.book import Book, Record, instant, moment
from s3cop.demo.community import everybody, group, office, person
from s3cop.demo.timeline import Deed

Status = Challenge.Status
# What publishing a round and deciding a focus do by themselves.
COMES_BY_ITSELF = {"ranked", "put_in_focus"}
SOON, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


def challenge(slug: str) -> Challenge:
    return Challenge.objects.get(slug=slug)


def meeting(slug: str | None) -> Meeting | None:
    return Meeting.objects.get(slug=slug) if slug else None


def leader_of(slug: str) -> User:
    return User.objects.get(memberships__group__slug=slug, memberships__role="leader")


# -- the register ---------------------------------------------------------------------------------------------------


def challenge_deeds(book: Book) -> Iterator[Deed]:
    """Each challenge enters with its first event, or with its cluster, or when its group kicked off."""
    events = defaultdict(list)
    for event in book.records("challenges.events"):
        events[event["challenge"]].append(event)
    kicked_off = {record["slug"]: record["kicked_off"] for record in book.records("workinggroups.groups")}
    entered: dict[str, dt.datetime] = {}
    for record in book.records("challenges.challenges"):
        own = events[record["slug"]]
        first = instant(own[0]["at"]) if own else entered.get(record["parent"], instant(kicked_off[record["group"]]))
        entered[record["slug"]] = first + SOON
        yield Deed(first, "challenges", partial(_enter, record, own[0] if own else None, first))
        for event in own[1:]:
            if event["kind"] not in COMES_BY_ITSELF:
                yield Deed(instant(event["at"]), "steps of challenges", partial(_step, record, event))


def _enter(record: Record, event: Record | None, at: dt.datetime) -> bool:
    if Challenge.objects.filter(slug=record["slug"]).exists():
        return False
    entry = Entry(
        group=group(record["group"]),
        title=record["title"],
        text=record["description"],
        nature=record["nature"],
        origin=record["origin"],
        parent=challenge(record["parent"]) if record["parent"] else None,
        slug=record["slug"],
        position=record["position"],
    )
    status = Status.PROPOSED if event else record["status"]
    by = person(event["by"]) if event else office()
    add_challenge(entry=entry, status=status, by=by, reason=event["reason"] if event else "", now=at)
    return True


def _step(record: Record, event: Record) -> bool:
    subject, by, at = challenge(record["slug"]), person(event["by"]), instant(event["at"])
    to_come = subject.status == Status.PROPOSED or (subject.status == Status.RANKED and event["kind"] == "addressed")
    if not to_come:
        return False
    if event["kind"] == "merged":
        merge_challenge(challenge=subject, into=challenge(record["merged_into"]), by=by, reason=event["reason"], now=at)
    else:
        move_challenge(challenge=subject, to=event["kind"], by=by, reason=event["reason"], now=at)
    return True


# -- rounds ---------------------------------------------------------------------------------------------------------


def round_deeds(book: Book) -> Iterator[Deed]:
    """Open, cast, close and publish, each at the file's time."""
    records = {record["key"]: record for record in book.records("challenges.rounds")}
    items = {
        (link, line["meeting"]): line["title"] for line in book.records("meetings.agenda") for link in line["links"]
    }
    for record in records.values():
        earlier = records.get(record["follows"])
        item = items.get((f"round:{record['key']}", record["meeting"]))  # a later meeting may look back at it
        yield Deed(instant(record["opens_at"]), "rounds", partial(_open, record, earlier, item))
        yield Deed(instant(record["opens_at"]) + SOON, "ballots", partial(_cast, record))
        if record["closed_at"]:
            yield Deed(instant(record["closed_at"]), "closed rounds", partial(_close, record))
        if record["published_at"]:
            yield Deed(instant(record["published_at"]), "published rounds", partial(_publish, record))


def find_round(record: Record) -> RankingRound | None:
    return RankingRound.objects.filter(group__slug=record["group"], title=record["title"]).first()


def the_round(record: Record) -> RankingRound:
    return RankingRound.objects.get(group__slug=record["group"], title=record["title"])


def _slugs(record: Record) -> list[str]:
    return [option["challenge"] for option in record["options"]]


def _open(record: Record, earlier: Record | None, item: str | None) -> bool:
    if find_round(record):
        return False
    at, by = instant(record["opens_at"]), leader_of(record["group"])
    before = the_round(earlier) if earlier else None
    repeats = before if earlier and _slugs(earlier) == _slugs(record) else None
    plan = Plan(
        group=group(record["group"]),
        title=record["title"],
        question=record["question"],
        options=[challenge(slug) for slug in _slugs(record)],
        meeting=meeting(record["meeting"]),
        repeats=repeats,
        agenda_item=AgendaItem.objects.filter(meeting__slug=record["meeting"], title=item).first() if item else None,
        deepens=None if repeats else Focus.objects.filter(round=before).first(),
        strength=record["strength"],
        voting_roles=record["elector_roles"],
        opens_at=at,
        closes_at=moment(record["closes_at"]),
        will_repeat=record["keep_link"],
    )
    open_round(round=create_round(plan=plan, by=by, now=at), by=by, now=at)
    return True


def _cast(record: Record) -> bool:
    """Cast the ballots; those without a person go to electors of their helix who took part, in the file's order."""
    round_ = the_round(record)
    if round_.ballots_cast or round_.state != RankingRound.State.OPEN:
        return False
    options = list(round_.options.order_by("position").values_list("pk", flat=True))
    voters, people = _voters(record), everybody()
    at = instant(record["opens_at"]) + SOON
    for ballot in record["ballots"]:
        email = ballot.get("user") or voters[ballot["helix"]].pop(0)
        cast_ballot(round=round_, by=people[email], ranks=dict(zip(options, ballot["ranks"], strict=True)), now=at)
    return True


def _voters(record: Record) -> dict[str, list[str]]:
    voters = defaultdict(list)
    for elector in record["electors"]:
        if elector["has_voted"]:
            voters[elector["helix"]].append(elector["user"])
    return voters


def _close(record: Record) -> bool:
    round_ = the_round(record)
    if round_.state != RankingRound.State.OPEN:
        return False
    close_round(round=round_, by=leader_of(record["group"]), now=instant(record["closed_at"]))
    return True


def _publish(record: Record) -> bool:
    round_ = the_round(record)
    if round_.state != RankingRound.State.CLOSED:
        return False
    publish_round(round=round_, by=office(), now=instant(record["published_at"]))
    return True


# -- focus ----------------------------------------------------------------------------------------------------------


def focus_deeds(book: Book) -> Iterator[Deed]:
    """A focus is decided five minutes after its round was published, which is where the register's events put it."""
    rounds = {record["key"]: record for record in book.records("challenges.rounds")}
    for record in book.records("challenges.focuses"):
        about = rounds[record["round"]]
        at = instant(about["published_at"]) + dt.timedelta(minutes=5)
        yield Deed(at, "focuses", partial(_decide, record, about, at))


def _decide(record: Record, about: Record, at: dt.datetime) -> bool:
    round_ = the_round(about)
    if Focus.objects.filter(round=round_).exists():
        return False
    entries = [(entry["rank"], challenge(slug)) for entry in record["entries"] for slug in entry["challenges"]]
    decide_focus(
        round=round_,
        entries=entries,
        reason=record["reason"],
        taken_in=meeting(record["meeting"]),
        by=person(record["decided_by"]),
        now=at,
    )
    return True


def decision_deeds(book: Book) -> Iterator[Deed]:
    """Minutes name what they decided once they are approved; a round that opens later is named on opening."""
    rounds = {record["key"]: record for record in book.records("challenges.rounds")}
    focuses = {record["key"]: record for record in book.records("challenges.focuses")}
    approved = {record["meeting"]: instant(record["approved_on"]) for record in book.records("meetings.minutes")}
    for decision in book.records("meetings.decisions"):
        for kind, key in (link.split(":") for link in decision["links"]):
            about = rounds[key if kind == "round" else focuses[key]["round"]]
            at = max(approved[decision["meeting"]] + HOUR, instant(about["opens_at"]) + HOUR)
            verb = _name if kind == "round" else _name_focus
            yield Deed(at, "decisions with what they led to", partial(verb, decision, about, at))


def _name(record: Record, about: Record, at: dt.datetime) -> bool:
    round_ = the_round(about)
    if round_.decision_id:
        return False
    name_decision(round=round_, decision=_decision(record), by=leader_of(about["group"]), now=at)
    return True


def _name_focus(record: Record, about: Record, at: dt.datetime) -> bool:
    focus = Focus.objects.get(round=the_round(about))
    if focus.decision_id:
        return False
    name_focus_decision(focus=focus, decision=_decision(record), by=leader_of(about["group"]), now=at)
    return True


def _decision(record: Record) -> Decision:
    return Decision.objects.select_related("meeting").get(meeting__slug=record["meeting"], text=record["text"])
