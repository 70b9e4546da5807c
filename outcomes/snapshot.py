"""Everything an edition says, gathered from the database as plain JSON at one moment. Nothing later is read again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from challenges import results, statements
from challenges.finding import finding
from challenges.models import Challenge, Focus, RankingRound
from challenges.paper import places
from challenges.published import Published
from meetings.models import Meeting
from outcomes import when
from outcomes.characters import cleaned
from outcomes.errors import SourceNotPublic
from outcomes.models import Edition, EditionSource
from outcomes.wording import Words
from people.models import Helix
from workinggroups.models import Membership, WorkingGroup

Plain = dict[str, Any]
WORDS: Words = translation  # the active language
VERSION = 1
PUBLISHER = "S3 Community of Practice"
TOLD = ("rounds", "focuses", "meetings", "challenges")


def take(edition: Edition, *, now: dt.datetime) -> Plain:
    """Return the snapshot in the edition's language. Raises SourceNotPublic when a record may not be told of."""
    with translation.override(edition.language):
        sources = _sources(edition)
        snapshot = {
            "version": VERSION,
            "made": when.moment(now),
            "site": {"name": PUBLISHER, "url": settings.SITE_URL},
            "helices": {value: str(label) for value, label in Helix.choices},
            "publication": _publication(edition),
            "edition": _edition(edition),
            "sources": sources,
            "provenance": _provenance(sources),
        }
    plain: Plain = cleaned(snapshot)
    return plain


def _edition(edition: Edition) -> Plain:
    address = [edition.publication.slug, edition.version]
    return {
        "title": edition.title,
        "version": edition.version,
        "abstract": edition.abstract,
        "plain_summary": edition.plain_summary,
        "change_note": edition.change_note,
        "language": edition.language,
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
        "topics": [_link(topic) for topic in topics],
        "regions": [
            {"code": region.code, "name": region.name} for region in publication.regions.order_by("code", "pk")
        ],
    }


def _group(group: WorkingGroup) -> Plain:
    return {"name": group.name, "address": group.get_absolute_url(), "aims": list(group.aims)}


def _sources(edition: Edition) -> dict[str, list[Plain]]:
    rows = EditionSource.objects.filter(edition=edition).order_by("position")
    told: dict[str, list[Plain]] = {kind: [] for kind in TOLD}
    for row in rows.select_related("round__group", "round__meeting", "round__result", "focus", "meeting", "challenge"):
        record = row.record
        if isinstance(record, RankingRound):
            told["rounds"].append(_round(record))
        elif isinstance(record, Focus):
            told["focuses"].append(_focus(record))
        elif isinstance(record, Meeting):
            told["meetings"].append(_meeting(record))
        elif isinstance(record, Challenge):
            told["challenges"].append(_challenge(record))
    return told


def check_public(record: RankingRound | Focus | Meeting | Challenge) -> None:
    """Raise SourceNotPublic unless everybody may read the record."""
    if not type(record).objects.visible_to(None).filter(pk=record.pk).exists():
        raise SourceNotPublic(
            _("“%(record)s” is not public, so nothing can be published from it yet.") % {"record": record}
        )


def _round(told: RankingRound) -> Plain:
    check_public(told)
    result = results.shown(told)
    assert result is not None  # noqa: S101 - a published round is counted
    return {
        "title": told.title,
        "address": told.get_absolute_url(),
        "question": told.question,
        "group": {"name": told.group.name, "address": told.group.get_absolute_url()},
        "meeting": _public_meeting(told.meeting),
        "opened": when.moment(told.opened_at, told.zone),
        "closed": when.moment(told.closed_at, told.zone),
        "published": when.moment(told.published_at, told.zone),
        "voting_roles": [str(Membership.Role(role).label) for role in told.voting_roles],
        "policy": told.get_policy_display(),
        "headline": headline(result),
        "options": _options(told),
        "statements": statements.of(told),
        "result": result.as_json(),
    }


def headline(result: Published) -> str:
    """The same sentence as on the page of the round, without a full stop."""
    return " ".join(render_to_string("challenges/finding.txt", {"finding": finding(result)}).split())


def _options(told: RankingRound) -> list[Plain]:
    return [
        {"title": option.title, "text": option.text, "origin": _origin(option.challenge)}
        for option in told.options.select_related("challenge").order_by("position")
    ]


def _origin(challenge: Challenge | None) -> str:
    return str(challenge.get_origin_display()) if challenge else ""


def _focus(focus: Focus) -> Plain:
    check_public(focus)
    entries = list(focus.entries.select_related("challenge").order_by("rank", "challenge__title", "pk"))
    return {
        "round": _link(focus.round),
        "meeting": _public_meeting(focus.meeting),
        "decided": when.moment(focus.decided_at, focus.round.zone),
        "reason": focus.reason,
        "entries": [
            {**_link(entry.challenge), "place": place}
            for entry, place in zip(entries, places([entry.rank for entry in entries]), strict=True)
        ],
    }


def _meeting(meeting: Meeting) -> Plain:
    check_public(meeting)
    return {
        "slug": meeting.slug,
        **_link(meeting),
        "when": when.of_meeting(meeting),
        "day": _day(meeting),
        "where": ", ".join(part for part in (meeting.place, str(meeting.get_mode_display())) if part),
        "summary": meeting.summary,
        "agenda": [{"title": item.title, "minutes": item.minutes} for item in meeting.agenda.order_by("position")],
    }


def _public_meeting(meeting: Meeting | None) -> Plain | None:
    if meeting is None or not Meeting.objects.visible_to(None).filter(pk=meeting.pk).exists():
        return None
    return {
        **_link(meeting),
        "when": when.of_meeting(meeting),
        "day": _day(meeting),
    }


def _day(meeting: Meeting) -> str:
    return meeting.sort_day.isoformat() if meeting.sort_day else ""


def _challenge(challenge: Challenge) -> Plain:
    check_public(challenge)
    parts = challenge.subdimensions.published().order_by("position", "pk")
    facts = [{"label": _("Working group"), "text": challenge.group.name, "address": challenge.group.get_absolute_url()}]
    facts.append({"label": _("State"), "text": str(challenge.get_status_display()), "address": ""})
    facts.append({"label": _("Page"), "text": challenge.title, "address": challenge.get_absolute_url()})
    return {
        "slug": challenge.slug,
        **_link(challenge),
        "text": challenge.text,
        "facts": facts,
        "subdimensions": [_link(part) for part in parts],
    }


def _link(record: Challenge | RankingRound | Meeting) -> Plain:
    return {"title": record.title, "address": record.get_absolute_url()}


def _provenance(sources: Mapping[str, list[Plain]]) -> list[Plain]:
    """Meeting, round, focus: how the edition came about, oldest first, each once."""
    steps: dict[str, Plain] = {}
    behind = [told["meeting"] for told in (*sources["rounds"], *sources["focuses"]) if told["meeting"]]
    for meeting in (*sources["meetings"], *behind):
        steps[meeting["address"]] = _step(meeting, _("Meeting"), meeting["day"], meeting["when"])
    for told in sources["rounds"]:
        closed = told["closed"]
        steps[told["address"]] = _step(told, _("Ranking round"), closed["at"], closed["date"])
    for told in sources["focuses"]:
        decided = told["decided"]
        steps[f"{told['round']['address']}#focus"] = _step(told["round"], _("Focus"), decided["at"], decided["date"])
    return sorted(steps.values(), key=lambda step: str(step["at"]))


def _step(record: Plain, kind: str, at: str, text: str) -> Plain:
    return {"kind": kind, "title": record["title"], "address": record["address"], "at": at, "text": text}
