"""A webinar or conference as plain data: what it was, for whom, what was said, and where the recording is."""

from typing import Any

from meetings.models import Webinar
from outcomes import when
from outcomes.records import check_public, day_of, link

Plain = dict[str, Any]
LINKS = ("recording", "captions", "transcript", "slides")


def webinar_record(webinar: Webinar) -> Plain:
    """What an edition may say of it. Raises SourceNotPublic."""
    check_public(webinar)
    held = webinar.state in {Webinar.State.HELD, Webinar.State.RECORDING_PUBLISHED}
    return {
        "slug": webinar.slug,
        **link(webinar),
        "kind": str(webinar.get_kind_display()),
        "groups": [group.name for group in webinar.groups.order_by("name", "pk")],
        "series": ", ".join(str(part) for part in (webinar.series, webinar.position) if part),
        "when": when.of_meeting(webinar),
        "day": day_of(webinar),
        "where": when.where(webinar),
        "organisers": webinar.organisers,
        "audience": webinar.audience,
        "participants": webinar.participants,
        "summary": webinar.summary,
        "account": webinar.account if held else "",
        "links": _links(webinar) if held else {},
    }


def _links(webinar: Webinar) -> dict[str, str]:
    """As the page has them: the recording from its publication on."""
    shown = LINKS if webinar.state == Webinar.State.RECORDING_PUBLISHED else LINKS[1:]
    return {name: url for name in shown if (url := getattr(webinar, f"{name}_url"))}
