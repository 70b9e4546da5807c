"""Meetings and groups tell search engines and feed readers what is public of them."""

import json
import re

import pytest
from django.test import Client

from meetings.models import Meeting
from s3cop.logs import SECRET
from tests import factories

pytestmark = pytest.mark.django_db


def markup(meeting: Meeting) -> dict[str, object] | None:
    page = Client().get(meeting.get_absolute_url()).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None


def test_an_announced_meeting_is_an_event() -> None:
    meeting = factories.meeting(
        factories.group(name="Diffusion"),
        title="</script> & more",
        mode="hybrid",
        join_url="https://example.org/join-us",
    )
    told = markup(meeting)
    assert told
    assert (told["@type"], told["name"], told["eventStatus"]) == (
        "Event",
        "</script> & more",
        "https://schema.org/EventScheduled",
    )
    assert told["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert "join-us" not in json.dumps(told)


def test_a_cancelled_meeting_says_so_and_one_without_hours_says_nothing() -> None:
    group = factories.group()
    cancelled = factories.meeting(group, state="cancelled", reason="Too few.")
    told = markup(cancelled)
    assert told
    assert told["eventStatus"] == "https://schema.org/EventCancelled"
    assert markup(factories.meeting(group, starts_at=None, ends_at=None, approx_date="2023-11", state="held")) is None


def test_the_page_of_a_group_names_its_feed() -> None:
    group = factories.group(slug="diff")
    assert 'href="/groups/diff/feed.atom"' in Client().get(group.get_absolute_url()).content.decode()


def test_the_link_of_a_follower_is_kept_out_of_logs() -> None:
    assert SECRET.sub(r"\1[token]", "GET /follow/abc.def/leave/") == "GET /follow/[token]/leave/"
