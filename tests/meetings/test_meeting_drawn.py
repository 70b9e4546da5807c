"""What the tags of a meeting's pages draw: everything people wrote is text, never markup."""

import datetime as dt
import re
from typing import Any

import pytest

from meetings.models import Attendee, Meeting, Webinar
from meetings.programme import Line, Paper
from meetings.rules import Standing
from meetings.templatetags.meeting_drawn import agenda_lines, event_words, paper_link, reply_rows
from people.models import Region, User
from workinggroups.models import WorkingGroup

EVIL = "<b>&\"'"
DRAWN = "&lt;b&gt;&amp;&quot;&#x27;"
MEETING = Meeting(slug="here")
NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def standing(**values: bool) -> Standing:
    return Standing(Meeting.State.SCHEDULED, is_invited=False, can_plan=False, **{"can_join": False} | values)


def text(drawn: str) -> list[str]:
    """The words between the tags."""
    return [part.strip() for part in re.split(r"<[^>]*>", drawn) if part.strip()]


def line(**values: Any) -> Line:
    plain: dict[str, Any] = {"title": "", "begins": "", "length": "", "lead": "", "speaker": "", "notes": ""}
    return Line(**plain | {"rounds": [], "challenges": [], "papers": []} | values)


def paper(**values: Any) -> Paper:
    plain: dict[str, Any] = {"pk": 7, "title": EVIL, "kind": EVIL, "access": "public", "language": "en", "url": ""}
    return Paper(**plain | {"embargo_until": None, "item": None, "number": 1, "size": 2048} | values)


def test_an_item_is_told_as_text() -> None:
    item = line(title=EVIL, begins="10:00", length="5 min", lead=EVIL, speaker="A guest", notes=f"{EVIL}\r\nand\rmore")
    drawn = agenda_lines([item, line(title="Alone")], MEETING, standing())
    told = ["10:00", DRAWN, "5 min", f"{DRAWN}, A guest", DRAWN, "and", "more", "Alone"]
    assert text(drawn) == told


def test_an_item_has_its_papers_and_only_in_full_what_came_before() -> None:
    class Dealt:
        title, earlier = EVIL, [{"title": EVIL, "meeting": EVIL, "slug": "before"}]

        def get_absolute_url(self) -> str:
            return f"/challenges/{EVIL}/"

        def get_status_display(self) -> str:
            return EVIL

    item = line(title="Item", challenges=[Dealt()], papers=[paper(kind="")])
    told = ["Item", DRAWN, DRAWN, DRAWN, "2.0\xa0KB"]
    assert text(agenda_lines([item], MEETING, standing())) == told
    before = ["Earlier on this challenge:", DRAWN, f"({DRAWN})"]
    assert text(agenda_lines([item], MEETING, standing(), full=True)) == [*told[:3], *before, *told[3:]]
    assert f'href="/challenges/{DRAWN}/"' in agenda_lines([item], MEETING, standing())


@pytest.mark.parametrize(
    ("values", "may", "told"),
    [
        ({}, {}, [f"{DRAWN} · 2.0\xa0KB"]),
        ({"kind": "", "number": 3}, {}, ["2.0\xa0KB · version 3"]),
        ({"url": f"https://example.org/?{EVIL}"}, {}, [f"{DRAWN} · on another site"]),
        ({"access": "members"}, {"can_join": True}, [f"{DRAWN} · 2.0\xa0KB", "group only"]),
        ({"embargo_until": NOW}, {"can_join": True}, [f"{DRAWN} · 2.0\xa0KB", "public from 1 June 2026, 14:00"]),
        ({"embargo_until": NOW}, {}, [f"{DRAWN} · 2.0\xa0KB"]),
        ({}, {"can_write": True}, [f"{DRAWN} · 2.0\xa0KB", "Change", f": {DRAWN}"]),
    ],
)
def test_a_paper_says_what_it_is_and_who_may_read_it(
    values: dict[str, Any], may: dict[str, bool], told: list[str]
) -> None:
    drawn = paper_link(paper(**values), MEETING, standing(**may))
    assert text(drawn) == [DRAWN, *told]
    address = f"https://example.org/?{DRAWN}" if "url" in values else "/meetings/here/papers/7/"
    assert (f'<a href="{address}"' in drawn, "noreferrer" in drawn) == (True, "url" in values)


def test_a_reply_is_told_with_all_that_belongs_to_it() -> None:
    somebody = User(display_name=EVIL, region=Region(name=EVIL), helix="academia")
    answers = [
        Attendee(user=somebody, reply="yes", waiting_since=NOW, substitute=EVIL, attended=True),
        Attendee(user=User(email="a@example.org"), reply="none"),
    ]
    told = [DRAWN, DRAWN, "Academia", "Yes", "waits for a seat", f"instead: {DRAWN}", "was there"]
    drawn = reply_rows(answers)
    assert text(drawn) == [*told, "a@example.org", "No reply yet"]
    assert re.findall(r'class="(tag[^"]*)"', drawn) == ["tag tag-ok", "tag tag-warn", "tag tag-ok", "tag tag-warn"]


def test_a_row_says_of_a_meeting_whose_it_is_and_of_a_webinar_what_kind() -> None:
    meeting = Meeting(slug="here", title=EVIL, place=EVIL, mode="in_person", group=WorkingGroup(name=EVIL))
    assert text(event_words(meeting)) == [DRAWN, "Date to be found", f"{DRAWN} · {DRAWN}", "draft"]
    meeting.state = Meeting.State.SCHEDULED
    assert text(event_words(meeting))[2:] == [f"{DRAWN} · {DRAWN}"]
    webinar = Webinar(slug="web", title=EVIL, series=EVIL, state="registration_open", mode="online")
    assert text(event_words(webinar))[2:] == [f"Webinar · {DRAWN} · Online", "registration open"]
