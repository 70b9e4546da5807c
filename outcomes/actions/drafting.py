"""Starting a publication, planning its editions, changing their prose, and asking for a build."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypedDict, Unpack

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.utils.text import slugify
from django.utils.translation import gettext as _

from challenges.disclosure.cells import FEW
from challenges.models import Challenge, Focus, RankingRound
from history import actions as history
from history.locks import PUBLICATION_NAMES, lock_exclusive
from history.models import Entry
from history.names import numbered
from meetings.models import Meeting, Webinar
from outcomes import decided_since, first_words
from outcomes.actions.locking import check_move, lock_publication, locked, wake
from outcomes.characters import clean
from outcomes.errors import Incomplete, SlugTaken, WrongState
from outcomes.models import Edition, EditionSource, Publication, Reference
from outcomes.tidy import tidied
from people.models import Region, User
from workinggroups.models import Membership, WorkingGroup

State = Edition.State
Source = RankingRound | Focus | Meeting | Challenge | Webinar
RESERVED = {"new", "feed", "references", "follow"}  # addresses of this room
LONGEST_SLUG = 80
OUTCOME_DISCARDED = "outcome_discarded"  # said of a round: its outcome was begun, and somebody did not want it
MARKDOWN = {"plain_summary", "next_steps", "change_note"}


class Links(TypedDict, total=False):
    """What a publication is about: the round whose outcome it is, challenges, regions; and when it began."""

    round: RankingRound | None
    topics: Iterable[Challenge]
    regions: Iterable[Region]
    now: dt.datetime | None


class Prose(TypedDict, total=False):
    """What editors write: title and abstract in plain text, then Markdown; and by which template it is told."""

    title: str
    abstract: str
    plain_summary: str
    next_steps: str
    change_note: str
    language: str
    licence: str
    template: str
    period_from: dt.date | None
    period_until: dt.date | None
    references: Iterable[Reference]


@transaction.atomic
def start_publication(
    *, slug: str, kind: str, groups: Iterable[WorkingGroup], by: User | None, **links: Unpack[Links]
) -> Publication:
    """Create a publication without editions. Raises SlugTaken."""
    lock_exclusive(PUBLICATION_NAMES, 0)  # two of the same name at once: the second one sees the first
    if slug in RESERVED or Publication.objects.filter(slug=slug).exists():
        raise SlugTaken
    publication = Publication(slug=slug, kind=kind, round=links.get("round"))
    publication.full_clean()
    publication.save(force_insert=True)
    publication.groups.set(groups)
    publication.topics.set(links.get("topics", ()))
    publication.regions.set(list(links.get("regions", ())) or _countries_of(publication))
    history.record(publication, "started", by=by, at=links.get("now"))
    return publication


@transaction.atomic
def plan_edition(
    *,
    publication: Publication,
    sources: Sequence[Source],
    by: User | None,
    now: dt.datetime | None = None,
    **prose: Unpack[Prose],
) -> Edition:
    """Add the next edition as a draft that tells of the sources, in their order. Raises WrongState or Incomplete."""
    held = lock_publication(publication.pk)
    if held.editions.exclude(state__in=Edition.PUBLIC).exists():
        raise WrongState(_("The last edition is not published yet. Finish it before you plan the next one."))
    last = held.editions.aggregate(last=Max("version"))["last"] or 0
    edition = Edition(publication=held, version=last + 1)
    _write(edition, prose)
    edition.save(force_insert=True)
    edition.references.set(prose.get("references", ()))
    _choose(edition, sources)
    history.record(held, "edition_planned", by=by, payload={"version": edition.version}, at=now)
    return edition


@transaction.atomic
def edit_edition(
    *,
    edition: Edition,
    by: User,
    sources: Sequence[Source] | None = None,
    now: dt.datetime | None = None,
    **prose: Unpack[Prose],
) -> Edition:
    """Change the prose (and the sources) before review, and build again. Raises WrongState or Incomplete.

    The figures stay those of the snapshot, unless other records are to be told of or the template changes.
    """
    fresh = locked(edition)
    if fresh.state not in Edition.EDITABLE:
        raise WrongState(why_closed(fresh))
    before = _frame(fresh)
    _write(fresh, prose)
    if "references" in prose:
        fresh.references.set(prose["references"])
    if sources is not None:
        _choose(fresh, sources)
    if _frame(fresh) != before:
        fresh.snapshot = None
    history.record(fresh.publication, "edition_edited", by=by, payload={"version": fresh.version}, at=now)
    return ask_for_build(fresh)


def why_closed(edition: Edition) -> str:
    """Say why its text cannot be edited now."""
    if edition.state == State.BUILDING:
        return _("The edition is being built. Its text can be changed again as soon as that is done, or called off.")
    state = State(edition.state).label
    return _("The edition is %(state)s, so its text no longer changes.") % {"state": state}


@transaction.atomic
def request_build(*, edition: Edition, by: User | None, now: dt.datetime | None = None) -> Edition:
    """Ask a worker to gather the records anew and to build. Raises WrongState.

    What was decided since about the focus of a round that the edition tells of becomes one of its records.
    """
    fresh = locked(edition)
    check_move(fresh, State.BUILDING)
    _take_up(fresh, decided_since.focuses(fresh))
    fresh.snapshot = None
    history.record(fresh.publication, "build_requested", by=by, payload={"version": fresh.version}, at=now)
    return ask_for_build(fresh)


@transaction.atomic
def cancel_build(*, edition: Edition, by: User, now: dt.datetime | None = None) -> Edition:
    """Call off a build; what a worker still makes of it is thrown away. Raises WrongState."""
    fresh = locked(edition)
    if fresh.state != State.BUILDING:
        raise WrongState(_("Nothing is being built, so there is nothing to call off."))
    fresh.state, fresh.build_lease_until, fresh.build_step = State.DRAFT, None, 0
    fresh.save(update_fields=["state", "build_lease_until", "build_step"])
    history.record(fresh.publication, "build_cancelled", by=by, payload={"version": fresh.version}, at=now)
    return fresh


def rounds_without_outcome() -> QuerySet[RankingRound]:
    """Published rounds with enough ballots for a result of which no edition tells, and whose outcome none discarded."""
    untold = RankingRound.objects.published().filter(publication=None, edition_sources=None)
    kind = ContentType.objects.get_for_model(RankingRound)
    discarded = Entry.objects.filter(about_type=kind, about_id=OuterRef("pk"), verb=OUTCOME_DISCARDED)
    return untold.filter(~Exists(discarded), ballots_cast__gte=FEW).order_by("published_at", "pk")


@transaction.atomic
def outcome_of_round(*, round_id: int, now: dt.datetime | None = None) -> Edition | None:
    """Start the publication of a published round and ask for its first edition; None when there is nothing to do."""
    RankingRound.objects.select_for_update(of=("self",), no_key=True).get(pk=round_id)
    asked = rounds_without_outcome().filter(pk=round_id).select_related("group", "meeting", "result").first()
    if asked is None:
        return None
    words = first_words.of_round(asked)
    if words is None:
        return None
    topics = Challenge.objects.published().filter(round_options__round=asked)
    publication = start_publication(
        slug=free_slug(asked.title),
        kind=Publication.Kind.REPORT,
        groups=[asked.group],
        by=None,
        round=asked,
        topics=topics,
        now=now,
    )
    edition = plan_edition(publication=publication, sources=_around(asked), by=None, now=now, **words)
    return request_build(edition=edition, by=None, now=now)


def free_slug(title: str) -> str:
    """Return a short name made from the title that no publication has; it stays free until the transaction ends."""
    lock_exclusive(PUBLICATION_NAMES, 0)
    stem = _stem(slugify(title)) or "outcome"
    taken = set(Publication.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | RESERVED
    return numbered(stem, taken)


def _stem(words: str) -> str:
    """As many whole words as leave room for a number; of one that is too long its beginning."""
    most = LONGEST_SLUG - 5
    if len(words) <= most:
        return words.strip("-")
    return words[: most + 1].rpartition("-")[0].strip("-") or words[:most]


def _around(asked: RankingRound) -> list[Source]:
    """The round, the meeting where it was held, and the focus that followed."""
    found: list[Source] = [asked]
    if asked.meeting and asked.meeting.announced_at:
        found.append(asked.meeting)
    focus = Focus.objects.filter(round=asked).first()
    return [*found, focus] if focus else found


def _countries_of(publication: Publication) -> QuerySet[Region]:
    """Where the members of its groups come from, as the groups' pages show it."""
    seats = Membership.objects.active().filter(group__publications=publication)
    countries = seats.exclude(role=Membership.Role.OBSERVER).exclude(user__region=None)
    newest = Region.objects.filter(level=0, code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return Region.objects.filter(level=0, code__in=countries.values("user__region__country"), pk=Subquery(newest))


def _write(edition: Edition, prose: Prose) -> None:
    """Set the fields; what Markdown may not hold is taken out and noted for the editor."""
    notes = [note for note in edition.notes if note.get("field") and note["field"] not in prose]
    for name, value in prose.items():
        if name == "references":
            continue
        text = clean(value).strip() if isinstance(value, str) else value
        if name in MARKDOWN:
            text, removed = tidied(str(text))
            notes += [{"removed": one.kind, "what": one.what, "field": name} for one in removed]
        setattr(edition, name, text)
    edition.notes = notes
    if not edition.title:
        raise Incomplete(_("The edition needs a title."))


def _frame(edition: Edition) -> tuple[object, ...]:
    """What decides on the figures: the records, the works of others, the template and its period."""
    sources = EditionSource.objects.filter(edition=edition).order_by("position")
    records = tuple(sources.values_list("round", "focus", "meeting", "challenge", "webinar"))
    works = tuple(edition.references.order_by("pk").values_list("pk", flat=True))
    return (records, works, edition.template, edition.period_from, edition.period_until)


def _choose(edition: Edition, sources: Sequence[Source]) -> None:
    edition.sources.all().delete()
    EditionSource.objects.bulk_create(
        EditionSource(edition=edition, position=position, **{_column(source): source})
        for position, source in enumerate(sources, 1)
    )


def _take_up(edition: Edition, decided: Iterable[Focus]) -> None:
    last = edition.sources.aggregate(last=Max("position"))["last"] or 0
    EditionSource.objects.bulk_create(
        EditionSource(edition=edition, position=position, focus=focus)
        for position, focus in enumerate(decided, last + 1)
    )


def _column(source: Source) -> str:
    columns = {RankingRound: "round", Focus: "focus", Meeting: "meeting", Challenge: "challenge", Webinar: "webinar"}
    return columns[type(source)]


def ask_for_build(edition: Edition) -> Edition:
    """Save a locked edition as one to be built, and wake a worker."""
    edition.state = State.BUILDING
    edition.build_attempts = edition.build_step = 0
    edition.build_lease_until, edition.build_error = None, ""
    edition.save()
    wake()
    return edition
