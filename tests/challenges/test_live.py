"""The live room: a code opens the projector's page for as long as it should, and the page says no more than it may."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from challenges import actions, qr
from challenges.errors import WrongState
from challenges.models import LiveRoom, RankingRound
from history.models import Entry
from people.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

SignedIn = Callable[[User], Client]
BALLOTS = [[1, 2, 3]] * 8 + [[2, 1, 3]] * 4


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def roomed(**values: Any) -> tuple[RankingRound, LiveRoom]:
    round_ = make.open_round(make.group(), electors=12, **values)
    return round_, actions.open_room(round=round_, by=make.secretariat())


def test_a_round_opened_in_a_meeting_gets_a_code_and_another_one_none() -> None:
    group = make.group()
    meeting = make.meeting(group)
    inside = make.open_round(group, electors=2, meeting=meeting)
    outside = make.open_round(make.group(), electors=2)
    assert re.fullmatch("[a-hjkmnp-z2-9]{8}", LiveRoom.objects.get(round=inside).code)
    assert not LiveRoom.objects.filter(round=outside).exists()


def test_the_page_shows_question_code_countdown_and_turnout_and_no_option() -> None:
    round_, room = roomed()
    make.vote(round_, *BALLOTS[:5])
    page = text(Client().get(room.get_absolute_url()))
    assert f"<h1>{round_.question}</h1>" in page
    assert '<progress value="5" max="12"' in page
    assert f"/rounds/{round_.pk}/ballot/</a>" in page
    assert page.count("<path d=") >= 1
    for option in round_.options.all():
        assert option.title not in page


def test_it_counts_down_to_the_closing_time_with_its_zone() -> None:
    round_, room = roomed()
    closes = timezone.now().replace(microsecond=0) + dt.timedelta(hours=1)
    RankingRound.objects.filter(pk=round_.pk).update(closes_at=closes)
    page = text(Client().get(room.get_absolute_url()))
    moment = re.search(r'<time data-countdown datetime="([^"]+)">(\d\d:\d\d)</time>', page)
    assert moment
    assert moment[2] == f"{closes.astimezone(round_.zone):%H:%M}"
    assert dt.datetime.fromisoformat(moment[1]) == closes
    assert "Brussels time" in page


def test_equal_turnout_gives_equal_bytes_whatever_is_on_the_ballots() -> None:
    round_, room = roomed()
    make.vote(round_, *BALLOTS[:6])
    before = Client().get(room.get_absolute_url()).content
    make.vote(round_, *[[3, 2, 1]] * 6)
    assert Client().get(room.get_absolute_url()).content == before


def test_between_closing_and_publishing_it_shows_nothing_of_the_result_to_anybody(signed_in: SignedIn) -> None:
    round_, room = roomed()
    make.vote(round_, *BALLOTS)
    actions.close_round(round=round_, by=None)
    for client in (Client(), signed_in(make.leader(round_.group)), signed_in(make.secretariat())):
        page = text(client.get(room.get_absolute_url()))
        assert "The round takes no more ballots." in page
        assert [option.title for option in round_.options.all() if option.title in page] == []
        assert "QR code" not in page


def test_after_publication_it_shows_the_finding_and_the_order() -> None:
    round_, room = roomed()
    make.vote(round_, *BALLOTS)
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    page = text(Client().get(room.get_absolute_url()))
    order = re.findall(r'<b class="num">(\d=?)</b> ([^<]+)</li>', page)
    titles = list(round_.options.order_by("position").values_list("title", flat=True))
    assert order == [("1", titles[0]), ("2", titles[1]), ("3", titles[2])]
    assert "12 of 12 members voted." in page


def test_with_fewer_than_five_ballots_the_room_learns_no_order() -> None:
    round_, room = roomed()
    make.vote(round_, *BALLOTS[:4])
    actions.close_round(round=round_, by=None)
    actions.publish_round(round=round_, by=make.secretariat())
    page = text(Client().get(room.get_absolute_url()))
    assert "No result: fewer than five ballots" in page
    assert [option.title for option in round_.options.all() if option.title in page] == []


def test_the_code_leads_nowhere_a_day_after_closing() -> None:
    round_, room = roomed()
    other, door = roomed()
    day = dt.timedelta(hours=24)
    actions.close_round(round=round_, by=None, now=timezone.now() - day + dt.timedelta(minutes=1))
    actions.close_round(round=other, by=None, now=timezone.now() - day - dt.timedelta(minutes=1))
    found = [Client().get(place.get_absolute_url()).status_code for place in (room, door)]
    assert found == [200, 404]


def test_the_code_of_a_cancelled_round_leads_nowhere() -> None:
    round_, room = roomed()
    actions.cancel_round(round=round_, by=None, reason="Wrong question.")
    assert Client().get(room.get_absolute_url()).status_code == 404


def test_another_code_replaces_the_first_and_revoking_leaves_none(signed_in: SignedIn) -> None:
    round_, room = roomed()
    client = signed_in(make.leader(round_.group))
    client.post(reverse("challenges:room", args=[round_.pk]))
    second = LiveRoom.objects.get(round=round_)
    assert second.code != room.code
    assert Client().get(room.get_absolute_url()).status_code == 404
    assert second.get_absolute_url() in text(client.get(reverse("challenges:room", args=[round_.pk])))
    client.post(reverse("challenges:room_revoke", args=[round_.pk]))
    assert Client().get(second.get_absolute_url()).status_code == 404
    verbs = Entry.objects.filter(verb__startswith="live_room").order_by("pk").values_list("verb", "is_public")
    assert list(verbs) == [("live_room_opened", False), ("live_room_opened", False), ("live_room_revoked", False)]


def test_only_an_open_round_gets_a_code() -> None:
    round_ = make.round_(make.group())
    with pytest.raises(WrongState):
        actions.open_room(round=round_, by=make.secretariat())
    assert actions.revoke_room(round=round_, by=make.secretariat()) is False


def test_a_wrong_code_is_not_found_and_a_code_read_aloud_in_capitals_is_found() -> None:
    _round, room = roomed()
    assert Client().get("/live/wrongone/").status_code == 404
    assert Client().get(room.get_absolute_url().replace(room.code, room.code.upper())).status_code == 200


def test_reading_sets_no_cookie_and_is_kept_by_nobody() -> None:
    _round, room = roomed()
    response = Client().get(room.get_absolute_url())
    assert (dict(response.cookies), "no-store" in response["Cache-Control"]) == ({}, True)


def test_the_code_is_drawn_with_its_quiet_zone() -> None:
    drawn = qr.code("https://portal.example.org/rounds/7/ballot/")
    rects = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn.path)]
    dark = {(x + step, y) for x, y, length in rects for step in range(length)}
    assert (min(x for x, _y in dark), max(x for x, _y in dark)) == (4, drawn.size - 5)
    assert {(4 + k, 4) for k in range(7)} <= dark  # the upper side of the finder pattern
    assert (5, 5) not in dark
    assert len(rects) < len(dark)
