"""How often a link that asks for no sign-in may be pressed within an hour."""

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from people.limits import too_often

pytestmark = pytest.mark.django_db

# By the address: what is counted, how often at one link, how often from one network (0: programs press it for many).
LIMITED = {
    "workinggroups:join": ("join", 20, 120),
    "workinggroups:decline": ("join", 20, 120),
    "meetings:reply_link": ("reply", 30, 240),
    "meetings:registration": ("registration", 30, 240),
    "outcomes:following": ("following", 30, 0),
    "outcomes:leave": ("following", 30, 0),
    "notices:unsubscribe": ("unsubscribe", 30, 0),
}
ONLY_READ = {"meetings:personal_feed", "meetings:registration_file"}


def press(name: str, link: str = "forged", *, network: str = "192.0.2.1") -> int:
    return Client(REMOTE_ADDR=network).post(reverse(name, args=[link])).status_code


def tried(what: str, caller: str, times: int) -> None:
    for _ in range(times):
        too_often(what, caller, times)


def test_every_address_that_a_signed_link_opens_stands_in_the_table() -> None:
    rooms = [room for room in get_resolver().url_patterns if isinstance(room, URLResolver)]
    found = {
        f"{room.app_name}:{pattern.name}"
        for room in rooms
        for pattern in room.url_patterns
        if isinstance(pattern, URLPattern) and "<str:token>" in str(pattern.pattern)
    }
    assert found == LIMITED.keys() | ONLY_READ


@pytest.mark.parametrize("name", LIMITED)
def test_one_link_is_pressed_only_so_often_and_others_go_on(name: str) -> None:
    what, most, _network = LIMITED[name]
    tried(what, "forged", most - 1)
    assert [press(name) == 429 for _ in range(2)] == [False, True]
    assert press(name, "another") != 429
    assert Client().get(reverse(name, args=["forged"])).status_code == 404  # to look is free


@pytest.mark.parametrize("name", [name for name, (_what, _link, network) in LIMITED.items() if network])
def test_one_network_tries_only_so_many_links(name: str) -> None:
    what, _link, most = LIMITED[name]
    tried(what, "192.0.2.1", most)
    assert (press(name, "one"), press(name, "two", network="192.0.2.2") == 429) == (429, False)


def test_who_tried_too_often_is_told_when_to_come_back(client: Client) -> None:
    tried("join", "forged", 20)
    answer = client.post("/join/forged/")
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "Too many tries" in answer.content.decode()
