"""Rounds, decisions on the focus and challenges as plain data, as an edition may tell of them."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from challenges import results, statements
from challenges.disclosure.finding import finding
from challenges.disclosure.published import Published
from challenges.models import Challenge, Focus, RankingRound
from challenges.paper import places
from meetings.models import Meeting, Webinar
from outcomes import when
from outcomes.errors import SourceNotPublic
from workinggroups.models import Membership

Plain = dict[str, Any]


def check_public(record: RankingRound | Focus | Meeting | Challenge | Webinar) -> None:
    """Raise SourceNotPublic unless everybody may read the record."""
    if not type(record).objects.visible_to(None).filter(pk=record.pk).exists():
        raise SourceNotPublic(
            _("“%(record)s” is not public, so nothing can be published from it yet.") % {"record": record}
        )


def round_record(told: RankingRound) -> Plain:
    check_public(told)
    result = results.shown(told)
    assert result is not None  # noqa: S101 - a published round is counted
    return {
        "title": told.title,
        "address": told.get_absolute_url(),
        "question": told.question,
        "group": {"name": told.group.name, "address": told.group.get_absolute_url()},
        "meeting": public_meeting(told.meeting),
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


def focus_record(focus: Focus) -> Plain:
    check_public(focus)
    entries = list(focus.entries.select_related("challenge").order_by("rank", "challenge__title", "pk"))
    return {
        "round": link(focus.round),
        "meeting": public_meeting(focus.meeting),
        "decided": when.moment(focus.decided_at, focus.round.zone),
        "reason": focus.reason,
        "entries": [
            {**link(entry.challenge), "place": place}
            for entry, place in zip(entries, places([entry.rank for entry in entries]), strict=True)
        ],
    }


def public_meeting(meeting: Meeting | None) -> Plain | None:
    if meeting is None or not Meeting.objects.visible_to(None).filter(pk=meeting.pk).exists():
        return None
    return {
        **link(meeting),
        "when": when.of_meeting(meeting),
        "day": day_of(meeting),
    }


def day_of(meeting: Meeting | Webinar) -> str:
    return meeting.sort_day.isoformat() if meeting.sort_day else ""


def challenge_record(challenge: Challenge) -> Plain:
    check_public(challenge)
    parts = challenge.subdimensions.published().order_by("position", "pk")
    facts = [{"label": _("Working group"), "text": challenge.group.name, "address": challenge.group.get_absolute_url()}]
    facts.append({"label": _("State"), "text": str(challenge.get_status_display()), "address": ""})
    facts.append({"label": _("Page"), "text": challenge.title, "address": challenge.get_absolute_url()})
    return {
        "slug": challenge.slug,
        **link(challenge),
        "text": challenge.text,
        "facts": facts,
        "subdimensions": [link(part) for part in parts],
    }


def link(record: Challenge | RankingRound | Meeting | Webinar) -> Plain:
    return {"title": record.title, "address": record.get_absolute_url()}
