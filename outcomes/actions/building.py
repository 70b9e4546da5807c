"""Building an edition: claim it, work outside any transaction, keep the whole result in one."""

import datetime as dt
import logging
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from history import actions as history
from history.clock import database_now
from history.locks import STORED_FILES, lock_shared
from outcomes import characters, citations, document, files, html, pdf, snapshot, tables, word
from outcomes.actions.locking import locked
from outcomes.errors import Gone, Refused
from outcomes.languages import spoken
from outcomes.models import Edition, EditionFile
from people.models import Helix

State = Edition.State
Format = EditionFile.Format
TOOLS = ("docx", "markdown_it", "nh3", "typst")  # what files are written with
LEASE = dt.timedelta(minutes=15)  # longer than any task may run
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Built:
    """What a build leaves behind: columns of the edition, and bytes by format."""

    columns: dict[str, Any]
    contents: dict[Format, bytes]


def make_ready() -> None:
    """Import what files are written with: for a worker, which then has it in the memory its processes share."""
    for tool in TOOLS:
        import_module(tool)


def build_edition(edition_id: int, *, now: dt.datetime | None = None) -> Edition:
    """Build an edition that asks for it: ready with all its files, or failed with an error in words.

    `now` is the time of the snapshot. An edition that is in the hands of a living worker, or parked, stays as it is.
    A build that is killed is found again when its lease runs out, MAX_BUILDS times at most. Raises Gone for an edition
    that was discarded, also meanwhile.
    """
    edition = _claim(edition_id)
    if edition is None:
        return _stored(edition_id)
    try:
        built = _build(edition, (now or database_now()).replace(microsecond=0))
        return _keep(edition, built, now)
    except pdf.TooLong:
        return _fail(edition, _("The text does not fit on the one page of a leaflet. Make it shorter."), now)
    except (Refused, pdf.Unprintable) as error:
        return _fail(edition, str(error), now)
    except Exception as error:
        logger.exception("building edition %s", edition_id)
        if edition.build_attempts >= Edition.MAX_BUILDS:
            return _fail(edition, _in_words(error), now)
        return _put_back(edition, _in_words(error))


@transaction.atomic
def park_interrupted() -> int:
    """Mark as failed what was claimed too often and is in nobody's hands; return how many."""
    lost = Edition.objects.filter(
        state=State.BUILDING, build_attempts__gte=Edition.MAX_BUILDS, build_lease_until__lt=database_now()
    )
    editions = list(lost.short().select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"))
    for edition in editions:
        words = _("The build was interrupted %(times)s times.") % {"times": edition.build_attempts}
        _mark_failed(edition, words, None)
    return len(editions)


def _claim(edition_id: int) -> Edition | None:
    """Take the edition for as long as a lease; the attempt is on record before the work begins."""
    now = database_now()
    claimed = Edition.objects.to_build(now).filter(pk=edition_id)
    taken = claimed.update(
        build_attempts=F("build_attempts") + 1, build_lease_until=now + LEASE, build_step=0, build_error=""
    )
    return Edition.objects.select_related("publication").get(pk=edition_id) if taken else None


def _build(edition: Edition, moment: dt.datetime) -> Built:
    """Each step is on record when it is done; `moment` is the snapshot's unless the edition has one already."""
    taken = _gathered(edition, moment)
    made = dt.datetime.fromisoformat(taken["made"]["at"])
    _step_done(edition, 1)
    with translation.override(spoken(edition.language)):
        told = document.compose(taken, snapshot.WORDS)
        article = html.write(told)
    leaving = document.absolute(told, taken["site"]["url"])
    _step_done(edition, 2)
    contents = _data(taken)
    _step_done(edition, 3)
    printed = pdf.write(leaving, when=made)
    contents[Format.PDF] = printed.content
    _step_done(edition, 4)
    contents[Format.DOCX] = word.write(
        leaving, when=made, pictures=partial(pdf.pictures, language=told.labels.language)
    )
    _step_done(edition, 5)
    columns = {
        "snapshot": taken,
        "html": article,
        "text": document.plain_text(told),
        "helices": _contributed(taken),
        "notes": [*_kept_notes(edition), *_notes(printed)],
        "built_at": moment,
    }
    return Built(columns, contents)


def _gathered(edition: Edition, moment: dt.datetime) -> dict[str, Any]:
    """A new snapshot, or the one of before with today's prose: figures stay until somebody asks for new ones."""
    with transaction.atomic():
        known = edition.snapshot
        if known is None or known["version"] != snapshot.VERSION:
            return snapshot.take(edition, now=moment)
        return snapshot.with_words(edition, known)


def _data(taken: dict[str, Any]) -> dict[Format, bytes]:
    cited = citations.written(citations.of(taken))
    contents = {Format.JSON: tables.to_json(taken), Format.CSV: tables.to_csv(taken)}
    return contents | {Format(kind): content for kind, content in cited.items()}


def _notes(printed: pdf.Pdf) -> list[dict[str, Any]]:
    """Which characters the PDF could not hold, and where they stood."""
    replaced = printed.replaced.items()
    return [{"character": characters.in_words(character), "where": where} for character, where in replaced]


def _kept_notes(edition: Edition) -> list[dict[str, Any]]:
    """What was taken out of the prose when it was saved."""
    return [note for note in edition.notes if "removed" in note]


def _step_done(edition: Edition, step: int) -> None:
    _ours(edition).update(build_step=step)


def _ours(edition: Edition) -> Any:
    """The row as long as this attempt is the last one; a build that is asked for again counts its attempts anew."""
    held = Edition.objects.filter(pk=edition.pk, state=State.BUILDING, build_lease_until=edition.build_lease_until)
    return held.filter(build_attempts=edition.build_attempts)


def _contributed(taken: dict[str, Any]) -> list[str]:
    """The helices whose turnout is shown and that voted, and those who came to the meetings told of."""
    sources = taken["sources"]
    turnout = [row for told in sources["rounds"] for row in told["result"]["turnout"]]
    present = [row for told in (*sources["meetings"], *taken["groups"]) for row in told["attendance"]]
    voted = {row["helix"] for row in turnout if row["ballots"]} | {row["helix"] for row in present if row["came"]}
    return [helix for helix in Helix.values if helix in voted]


def _keep(edition: Edition, built: Built, now: dt.datetime | None) -> Edition:
    """Store the files, then all rows at once; a build that was overtaken leaves only files nobody points to."""
    with transaction.atomic():
        lock_shared(STORED_FILES, 0)
        stored = {kind: (files.store(content), len(content)) for kind, content in built.contents.items()}
        fresh = locked(edition)
        if not _ours(edition).exists():
            return fresh
        for name, value in built.columns.items():
            setattr(fresh, name, value)
        fresh.state, fresh.build_step, fresh.build_lease_until = State.READY, Edition.BUILD_STEPS, None
        fresh.save()
        fresh.files.all().delete()
        EditionFile.objects.bulk_create(
            EditionFile(edition=fresh, format=kind, sha256=sha256, size=size) for kind, (sha256, size) in stored.items()
        )
        history.record(fresh.publication, "edition_built", payload={"version": fresh.version}, at=now)
    return fresh


def _put_back(edition: Edition, words: str) -> Edition:
    """Leave the edition to the next tick."""
    _ours(edition).update(build_lease_until=None, build_error=words)
    return _stored(edition.pk)


def _stored(pk: int) -> Edition:
    found = Edition.objects.filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


@transaction.atomic
def _fail(edition: Edition, words: str, now: dt.datetime | None) -> Edition:
    fresh = locked(edition)
    if _ours(edition).exists():
        _mark_failed(fresh, words, now)
    return fresh


def _mark_failed(edition: Edition, words: str, now: dt.datetime | None) -> None:
    edition.state, edition.build_error, edition.build_lease_until = State.FAILED, words, None
    edition.save(update_fields=["state", "build_error", "build_lease_until"])
    history.record(edition.publication, "build_failed", reason=words, payload={"version": edition.version}, at=now)


def _in_words(error: Exception) -> str:
    return _("The build broke off: %(error)s") % {"error": f"{type(error).__name__}: {error}"}
