"""Loads publications: each edition is planned, built, reviewed and published by the real actions at its own time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Meeting
from outcomes import actions
from outcomes.models import Edition, Publication
from outcomes.rules import leaders_of, needs_sign_off
from people.models import User
from s3cop.demo.book import Book, Record, instant
from s3cop.demo.community import group, office, person
from s3cop.demo.register import the_round
from s3cop.demo.timeline import Deed

Source = RankingRound | Focus | Meeting | Challenge
REVIEWED = dt.timedelta(days=1)
DRAFTED = dt.timedelta(days=14)  # before the day of loading, for an edition that is not published


@dataclass(frozen=True)
class Shelf:
    """The file's records by their keys, for looking up what a source means."""

    publications: dict[str, Record]
    rounds: dict[str, Record]
    focuses: dict[str, Record]

    @classmethod
    def of(cls, book: Book) -> "Shelf":
        return cls(
            {record["slug"]: record for record in book.records("outcomes.publications")},
            {record["key"]: record for record in book.records("challenges.rounds")},
            {record["key"]: record for record in book.records("challenges.focuses")},
        )

    def sources(self, names: list[str]) -> list[Source]:
        """Return the records that exist; practices, solutions and deployments belong to a later part."""
        found = (self._source(*name.split(":")) for name in names)
        return [source for source in found if source is not None]

    def _source(self, kind: str, key: str) -> Source | None:
        match kind:
            case "round":
                return the_round(self.rounds[key])
            case "focus":
                return Focus.objects.get(round=the_round(self.rounds[self.focuses[key]["round"]]))
            case "meeting":
                return Meeting.objects.get(slug=key)
            case "challenge":
                return Challenge.objects.get(slug=key)
            case _:
                return None


def edition_deeds(book: Book) -> Iterator[Deed]:
    shelf = Shelf.of(book)
    for record in book.records("outcomes.editions"):
        day = record["published_on"] or (book.today - DRAFTED).isoformat()
        yield Deed(instant(day), "editions", partial(_issue, record, shelf, instant(day)))


def _issue(record: Record, shelf: Shelf, at: dt.datetime) -> bool:
    """Bring the edition as far as the file says: in review, or published."""
    about = shelf.publications[record["publication"]]
    known = Publication.objects.filter(slug=about["slug"]).first()
    if known and known.editions.filter(version=record["version"]).exists():
        return False
    edition = _build(known or _start(about, record, shelf, at), about, record, shelf, at)
    writer = person(record["written_by"]) if record["written_by"] else _rapporteur(about)
    edition = actions.submit(edition=edition, by=writer, now=at - REVIEWED)
    if record["published_on"]:
        edition = _signed_off(edition, at - REVIEWED / 2)
        edition = actions.approve(edition=edition, by=office(), now=at)
        actions.publish_edition(edition=edition, by=office(), now=at)
    return True


def _start(about: Record, record: Record, shelf: Shelf, at: dt.datetime) -> Publication:
    """The first round among the sources is the one whose outcome this is, unless another publication has it."""
    rounds = [source for source in shelf.sources(record["sources"]) if isinstance(source, RankingRound)]
    free = next((round_ for round_ in rounds if not Publication.objects.filter(round=round_).exists()), None)
    return actions.start_publication(
        slug=about["slug"],
        kind=about["type"],
        groups=[group(slug) for slug in about["groups"]],
        by=office(),
        now=at - REVIEWED,
        round=free,
        topics=Challenge.objects.filter(slug__in=about["challenges"]),
    )


def _build(publication: Publication, about: Record, record: Record, shelf: Shelf, at: dt.datetime) -> Edition:
    edition = actions.plan_edition(
        publication=publication,
        sources=shelf.sources(record["sources"]),
        by=_rapporteur(about),
        now=at - REVIEWED,
        title=about["title"],
        abstract=about["abstract"],
        plain_summary=about["plain_summary"],
        change_note=record["change_note"],
        language=record["language"],
        licence=record["licence"],
    )
    if edition.state == Edition.State.DRAFT:
        edition = actions.request_build(edition=edition, by=_rapporteur(about), now=at - REVIEWED)
    return actions.build_edition(edition.pk, now=at - REVIEWED)


def _signed_off(edition: Edition, at: dt.datetime) -> Edition:
    """By the leader of the group, where it has one who did not send it to review."""
    seat = leaders_of(edition.publication_id).order_by("pk").first()
    return actions.sign_off(edition=edition, by=seat.user, now=at) if seat and needs_sign_off(edition) else edition


def _rapporteur(about: Record) -> User:
    return User.objects.get(memberships__group__slug=about["groups"][0], memberships__role="rapporteur")
