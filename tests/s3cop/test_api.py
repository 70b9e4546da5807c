"""The open interface: what is published and nothing else, from any origin, in pages, with ETags and a limit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from pytest_django import DjangoAssertNumQueries
from rest_framework.throttling import AnonRateThrottle

from challenges.models import RankingRound
from meetings import actions as meetings
from meetings.models import Webinar
from outcomes.filters import OutcomeFilter
from people.models import User
from tests import factories
from workinggroups.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]
ROOT = "/api/v1/"
LISTS = ["publications", "references", "groups", "meetings", "webinars", "challenges", "rounds"]


@pytest.fixture
def _as_a_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No limit, and the connection of the test stays open after each answer, as with Django's own client."""
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": None})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def read(address: str, **query: Any) -> Any:
    response = Client().get(ROOT + address, query)
    assert response.status_code == 200, response.content[:300]
    return response.json()


def test_the_root_lists_every_kind_of_record() -> None:
    assert list(read("")) == LISTS


def test_the_publications_are_those_of_the_page() -> None:
    told = [entry["title"] for entry in read("publications/")["results"]]
    shown = Client().get("/outcomes/").context["page_obj"].object_list
    assert told == [edition.title for edition in shown]


def test_a_publication_tells_of_its_article_files_and_editions() -> None:
    told = read("publications/what-holds-regions-back/")
    assert [(edition["version"], edition["state"]) for edition in told["editions"]] == [
        (2, "published"),
        (1, "superseded"),
    ]
    assert told["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    file = told["files"][0]
    path = file["address"].removeprefix("http://127.0.0.1:8000")
    assert len(Client().get(path).content) == file["size"]


def test_the_filters_are_those_of_the_page() -> None:
    for query in ({"q": "capacity"}, {"group": "innovation-diffusion"}, {"year": "abc"}, {"type": "<script>"}):
        told = read("publications/", **query)["count"]
        assert told == Client().get("/outcomes/", query).context["shelf"].total


def test_a_round_tells_what_its_page_tells() -> None:
    kickoff = RankingRound.objects.get(title__startswith="Main challenges")
    file = json.loads(Client().get(f"/rounds/{kickoff.pk}/result.json").content)
    told = read(f"rounds/{kickoff.pk}/")
    assert told["result"] == file["result"]


def test_rounds_that_are_not_published_are_absent() -> None:
    told = {entry["id"] for entry in read("rounds/", per_page=100)["results"]}
    assert told == set(RankingRound.objects.published().values_list("pk", flat=True))
    hidden = RankingRound.objects.exclude(pk__in=told).order_by("pk").first()
    assert hidden
    assert Client().get(f"{ROOT}rounds/{hidden.pk}/").status_code == 404


def test_only_those_who_agreed_are_named() -> None:
    everything = b"".join(Client().get(f"{ROOT}{name}/?per_page=100").content for name in LISTS).decode()
    silent = User.objects.filter(show_name_publicly=False).exclude(display_name="")
    assert [person for person in silent if f'"{person.display_name}"' in everything] == []
    assert "@" not in everything
    named = Membership.objects.public().filter(group__slug="interregional-collaboration")
    told = {member["name"] for member in read("groups/interregional-collaboration/")["members"]}
    assert told == {member.user.display_name for member in named.select_related("user")}


def test_join_links_and_unannounced_meetings_stay_inside() -> None:
    group = factories.group()
    factories.meeting(group, slug="secret", announced_at=None, state="draft")
    factories.meeting(group, slug="known", join_url="https://example.org/join-us")
    told = Client().get(f"{ROOT}meetings/?per_page=100").content.decode() + str(read("meetings/known/"))
    assert ("join-us" in told, '"secret"' in told, '"known"' in told) == (False, False, True)
    assert Client().get(f"{ROOT}meetings/secret/").status_code == 404


def test_webinars_tell_what_their_pages_tell_and_no_link_to_join_by() -> None:
    hidden: dict[str, Any] = {"join_url": "https://example.org/join-us", "recording_url": "https://example.org/seen"}
    held = meetings.record_webinar(by=None, title="Past", approx_date="2024-05", slides_url="https://example.org/s")
    Webinar.objects.filter(pk=held.pk).update(**hidden)
    meetings.draft_webinar(by=None, title="Secret", slug="secret")
    told = read("webinars/", per_page=100)
    assert told["count"] == Webinar.objects.published().count()
    assert ("join-us" in str(told), "seen" in str(told), "'secret'" in str(told)) == (False, False, False)
    assert read("webinars/past/")["recording"] == {"slides": "https://example.org/s"}
    meetings.publish_recording(webinar=held, by=None, recording_url="https://example.org/seen")
    assert set(read("webinars/past/")["recording"]) == {"recording", "slides"}
    assert Client().get(f"{ROOT}webinars/secret/").status_code == 404


@pytest.mark.parametrize("query", [{"group": "interregional-collaboration"}, {"kind": "conference"}, {"kind": "x"}])
def test_the_filters_of_webinars_are_those_of_the_page(query: dict[str, str]) -> None:
    shown = Client().get("/webinars/", query).context
    slugs = {webinar.slug for part in ("upcoming", "page_obj") for webinar in shown[part]}
    answer = Client().get(f"{ROOT}webinars/", query)
    if query["kind" if "kind" in query else "group"] == "x":
        assert answer.status_code == 400
    else:
        assert {each["slug"] for each in answer.json()["results"]} == slugs


def test_who_has_it_gets_304_and_any_page_of_the_web_may_read() -> None:
    first = Client().get(f"{ROOT}publications/")
    again = Client().get(f"{ROOT}publications/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Access-Control-Allow-Origin"] == again["Access-Control-Allow-Origin"] == "*"
    assert first["Cache-Control"] == "public, no-cache"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


@pytest.mark.parametrize("accept", ["text/html", "application/json; indent=8", "application/json;q=0", "nonsense"])
def test_what_a_reader_accepts_changes_nothing_that_is_kept_for_all(accept: str) -> None:
    usual = Client().get(f"{ROOT}groups/")
    asked = Client().get(f"{ROOT}groups/", headers={"Accept": accept})
    assert (asked.status_code, asked.content, asked["Content-Type"]) == (200, usual.content, "application/json")


def test_the_description_comes_as_yaml_or_json() -> None:
    wanted = {"text/html": "application/vnd.oai.openapi; charset=utf-8", "application/json": "application/json"}
    answers = {kind: Client().get(f"{ROOT}schema/", headers={"Accept": kind}) for kind in wanted}
    assert {kind: answer["Content-Type"] for kind, answer in answers.items()} == wanted


def test_the_files_that_the_interface_names_may_be_read_from_any_page_too() -> None:
    told = read("publications/what-holds-regions-back/")
    for file in told["files"]:
        answer = Client().get(file["address"].removeprefix("http://127.0.0.1:8000"))
        assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*"), file


@pytest.mark.parametrize(("asked", "status"), [("none/", 404), ("groups/?" + "&" * 2 + "a=1&" * 1100, 400)])
def test_what_is_wrong_is_said_in_json_and_where_to_look(asked: str, status: int) -> None:
    answer = Client().get(f"{ROOT}{asked}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    assert "/api/v1/schema/" in answer.json()["detail"]


def test_a_preflight_allows_reading_only() -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    answer = Client().options(f"{ROOT}publications/", headers=asked)
    assert (answer.status_code, answer["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert Client().post(f"{ROOT}publications/", {"title": "x"}).status_code == 405


def test_who_asks_too_often_is_told_in_json_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})
    codes = [Client().get(f"{ROOT}groups/").status_code for _ in range(3)]
    refused = Client().get(f"{ROOT}groups/")
    assert codes == [200, 200, 429]
    assert (refused["Content-Type"], "Retry-After" in refused) == ("application/json", True)


@pytest.mark.parametrize(
    "forged", ["page=-1", "page=x", "per_page=999999", "year=abc", "type=<script>", "q=%00", "group=%00"]
)
def test_forged_questions_get_an_answer(forged: str) -> None:
    for name in LISTS:
        assert Client().get(f"{ROOT}{name}/?{forged}").status_code in {200, 400, 404}, name


@pytest.mark.parametrize("address", [f"{name}/" for name in LISTS])
def test_a_list_takes_few_queries(address: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(5):
        read(address)


def test_the_description_is_valid_openapi() -> None:
    from openapi_spec_validator import validate

    validate(read("schema/", format="json"))


def test_the_description_names_what_publications_are_asked_by() -> None:
    [operation] = read("schema/", format="json")["paths"]["/api/v1/publications/"].values()
    named = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"]}
    assert named.keys() == {*OutcomeFilter.base_filters, "sort", "page", "per_page"}
    orders = {
        sort: [each["slug"] for each in read("publications/", sort=sort)["results"]] for sort in named["sort"]["enum"]
    }
    assert orders["oldest"] == orders["newest"][::-1] != orders["title"]


@pytest.mark.usefixtures("_as_a_server")
def test_the_answers_keep_to_the_description() -> None:
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

    described = schemathesis.openapi.from_wsgi(f"{ROOT}schema/?format=json", get_wsgi_application())
    checks = [not_a_server_error, response_schema_conformance, content_type_conformance]
    asked = []
    for each in described.get_all_operations():
        assert isinstance(each, Ok)
        operation = each.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=4, database=None, deadline=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def answers(case: Any) -> None:
            response = case.call()
            case.validate_response(response, checks=checks if response.status_code == 200 else [not_a_server_error])

        answers()
        asked.append(operation.path)
    assert len(asked) == 15
