"""Everything an edition says, gathered from the database as plain JSON at one moment. Nothing later is read again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from challenges.models import Challenge, Focus, RankingRound
from meetings.models import Meeting, Webinar
from outcomes import consent, when
from outcomes.characters import cleaned
from outcomes.doi import doi_address
from outcomes.group_records import group_record, period
from outcomes.languages import spoken
from outcomes.meeting_records import meeting_record
from outcomes.models import Edition, EditionSource, Reference
from outcomes.records import challenge_record, focus_record, link, round_record
from outcomes.webinar_records import webinar_record
from outcomes.wording import Words
from people.models import Helix
from workinggroups.models import WorkingGroup

Plain = dict[str, Any]
WORDS: Words = translation  # the active language
VERSION = 2
PUBLISHER = "S3 Community of Practice"
TOLD = ("rounds", "focuses", "meetings", "challenges", "webinars")
OF_GROUPS = {Edition.Template.HALF_YEAR, Edition.Template.LEAFLET}


def take(edition: Edition, *, now: dt.datetime) -> Plain:
    """Return the snapshot in the edition's language. Raises SourceNotPublic when a record may not be told of."""
    with translation.override(spoken(edition.language)):
        sources = _sources(edition)
        snapshot = {
            "version": VERSION,
            "template": edition.template,
            "made": when.moment(now),
            "site": {"name": PUBLISHER, "url": settings.SITE_URL},
            "helices": {value: str(label) for value, label in Helix.choices},
            "publication": _publication(edition),
            "edition": _edition(edition),
            "sources": sources,
            "groups": _groups(edition, now),
            "period": period(edition.period_from, edition.period_until),
            "references": [_reference(reference) for reference in edition.references.order_by("citekey")],
            "provenance": _provenance(sources),
        }
    plain: Plain = cleaned(snapshot)
    return plain


def with_words(edition: Edition, taken: Plain) -> Plain:
    """The same figures of the same moment, with the prose as it reads now, and without names that nobody may read now.

    Raises SourceNotPublic, as `take` does.
    """
    consent.check_sources(edition)
    with translation.override(spoken(edition.language)):
        kept = {"edition": _edition(edition), "publication": _publication(edition)}
    plain: Plain = cleaned({**taken, **kept})
    return consent.renewed(edition, plain)


def _groups(edition: Edition, now: dt.datetime) -> list[Plain]:
    """The publication's groups in full, for the templates that tell of them."""
    if edition.template not in OF_GROUPS:
        return []
    groups = edition.publication.groups.order_by("name", "pk")
    return [group_record(group, edition.period_from, edition.period_until, now=now) for group in groups]


def _edition(edition: Edition) -> Plain:
    address = [edition.publication.slug, edition.version]
    return {
        "title": edition.title,
        "version": edition.version,
        "abstract": edition.abstract,
        "plain_summary": edition.plain_summary,
        "next_steps": edition.next_steps,
        "change_note": edition.change_note,
        "language": edition.language,
        "words": spoken(edition.language),
        "doi": edition.doi,
        "licence": edition.licence,
        "address": edition.get_absolute_url(),
        "data": reverse("outcomes:download", args=[*address, "json"]),
    }


def _publication(edition: Edition) -> Plain:
    publication = edition.publication
    topics = publication.topics.published().order_by("position", "pk")
    return {
        "slug": publication.slug,
        "kind": publication.get_kind_display(),
        "address": publication.get_absolute_url(),
        "groups": [_group(group) for group in publication.groups.order_by("name", "pk")],
        "topics": [link(topic) for topic in topics],
        "regions": [
            {"code": region.code, "name": region.name} for region in publication.regions.order_by("code", "pk")
        ],
    }


def _group(group: WorkingGroup) -> Plain:
    return {"name": group.name, "address": group.get_absolute_url(), "aims": list(group.aims)}


def _sources(edition: Edition) -> dict[str, list[Plain]]:
    rows = EditionSource.objects.filter(edition=edition).order_by("position")
    told: dict[str, list[Plain]] = {kind: [] for kind in TOLD}
    own = ("round__group", "round__meeting", "round__result", "focus", "meeting", "challenge", "webinar")
    for row in rows.select_related(*own):
        record = row.record
        if isinstance(record, RankingRound):
            told["rounds"].append(round_record(record))
        elif isinstance(record, Focus):
            told["focuses"].append(focus_record(record))
        elif isinstance(record, Meeting):
            told["meetings"].append(meeting_record(record))
        elif isinstance(record, Challenge):
            told["challenges"].append(challenge_record(record))
        elif isinstance(record, Webinar):
            told["webinars"].append(webinar_record(record))
    return told


def _provenance(sources: Mapping[str, list[Plain]]) -> list[Plain]:
    """Meeting, round, focus: how the edition came about, oldest first, each once."""
    steps: dict[str, Plain] = {}
    behind = [told["meeting"] for told in (*sources["rounds"], *sources["focuses"]) if told["meeting"]]
    for meeting in (*sources["meetings"], *behind):
        steps[meeting["address"]] = _step(meeting, _("Meeting"), meeting["day"], meeting["when"])
    for webinar in sources["webinars"]:
        steps[webinar["address"]] = _step(webinar, webinar["kind"], webinar["day"], webinar["when"])
    for told in sources["rounds"]:
        closed = told["closed"]
        steps[told["address"]] = _step(told, _("Ranking round"), closed["at"], closed["date"])
    for told in sources["focuses"]:
        decided = told["decided"]
        steps[f"{told['round']['address']}#focus"] = _step(told["round"], _("Focus"), decided["at"], decided["date"])
    return sorted(steps.values(), key=lambda step: str(step["at"]))


def _step(record: Plain, kind: str, at: str, text: str) -> Plain:
    return {"kind": kind, "title": record["title"], "address": record["address"], "at": at, "text": text}


def _reference(work: Reference) -> Plain:
    """Authors (year). Title. Series number. Publisher; and where to find it."""
    year = str(work.year) if work.year else _("no date")
    head = f"{'; '.join(work.authors)} ({year})" if work.authors else f"({year})"
    series = " ".join(part for part in (work.series, work.number) if part)
    parts = [head, work.title, series, work.publisher]
    address = doi_address(work.doi) or work.url
    return {"text": f"{'. '.join(part for part in parts if part)}.", "url": address, "doi": work.doi}
