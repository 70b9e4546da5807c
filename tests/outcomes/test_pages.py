"""Pages of a publication: who sees which edition, files, what editors may do, and how refusals are told."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Entry
from outcomes import actions
from outcomes.models import Edition, Publication
from outcomes.tasks import build_pending
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]

BALLOTS = [[1, 2, 3], [1, 3, 2], [1, 2, 0]] * 4
State = Edition.State
WORDS = "/outcomes/new/round/words/"


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group(name="Interregional Collaboration")


@pytest.fixture(scope="module")
def printed(group: Any) -> Edition:
    return factories.published_edition(factories.publication(group, slug="first"))


@pytest.fixture
def edition(printed: Edition) -> Edition:
    return copy.deepcopy(printed)


@pytest.fixture(scope="module")
def built(group: Any) -> Edition:
    return factories.built_edition(factories.publication(group))


@pytest.fixture
def ready(built: Edition) -> Edition:
    """The edition of another publication, not in review yet."""
    return copy.deepcopy(built)


@pytest.fixture(scope="module")
def ranked(group: Any) -> Any:
    """A round whose publication has begun by itself."""
    told = factories.published_round(
        group, *BALLOTS, meeting=factories.meeting(group, title="Kick-off", slug="kick-off")
    )
    build_pending()
    return told


@pytest.fixture
def told(ranked: Any) -> Any:
    return copy.deepcopy(ranked)


def address(name: str, edition: Edition, *more: str) -> str:
    return reverse(f"outcomes:{name}", args=[edition.publication.slug, edition.version, *more])


def snapshot_of(edition: Edition) -> Any:
    return edition.snapshot


def statuses(where: str, visitors: list[Client]) -> list[int]:
    return [client.get(where).status_code for client in visitors]


@pytest.fixture
def people(group: Any) -> list[Any]:
    outsider = factories.leader(factories.group())
    roles = [factories.member(group, role=role) for role in ("member", "rapporteur", "leader")]
    return [None, outsider, *roles, factories.secretariat()]


@pytest.fixture
def visitors(people: list[Any], signed_in: Any) -> list[Client]:
    return [signed_in(person) if person else Client() for person in people]


def test_a_published_edition_is_for_everybody(edition: Edition, visitors: list[Client]) -> None:
    where = [edition.get_absolute_url(), edition.publication.get_absolute_url(), address("download", edition, "pdf")]
    assert [statuses(one, visitors) for one in where] == [[200] * 6] * 3


def test_an_unpublished_edition_does_not_exist_for_those_who_may_not_see_it(
    ready: Edition, visitors: list[Client]
) -> None:
    reading = [ready.get_absolute_url(), ready.publication.get_absolute_url(), address("download", ready, "json")]
    assert [statuses(one, visitors) for one in reading] == [[404, 404, 404, 200, 200, 200]] * 3
    writing = [address("edit", ready), address("build", ready), address("submit", ready)]
    assert [statuses(one, visitors) for one in writing] == [[302, 404, 404, 200, 200, 200]] * 3


def test_each_step_is_for_its_people(
    ready: Edition, edition: Edition, people: list[Any], visitors: list[Client], signed_in: Any
) -> None:
    assert statuses(address("withdraw", edition), visitors) == [302, 404, 403, 403, 403, 200]
    draft = ready
    actions.submit(edition=draft, by=factories.secretariat())
    assert statuses(address("approve", draft), visitors) == [302, 404, 403, 403, 403, 403]
    assert statuses(address("sign_off", draft), visitors) == [302, 404, 403, 403, 200, 403]
    assert statuses(address("return", draft), visitors) == [302, 404, 403, 200, 200, 200]
    actions.sign_off(edition=draft, by=people[-2])
    assert statuses(address("approve", draft), visitors) == [302, 404, 403, 403, 403, 200]
    actions.approve(edition=draft, by=people[-1])
    assert statuses(address("publish", draft), visitors) == [302, 404, 404, 403, 403, 200]
    assert statuses(reverse("outcomes:new"), visitors) == [302, 200, 403, 200, 200, 200]
    assert statuses(reverse("outcomes:new"), [signed_in(factories.user())]) == [404]
    assert statuses(reverse("outcomes:next", args=["first"]), visitors) == [302, 404, 403, 200, 200, 200]


def test_what_one_may_see_is_what_is_visible(
    group: Any, edition: Edition, people: list[Any], visitors: list[Client]
) -> None:
    editions = [edition, factories.drafted_edition(factories.publication(group))]
    for person, client in zip(people, visitors, strict=True):
        visible = [Edition.objects.visible_to(person).filter(pk=one.pk).exists() for one in editions]
        shown = [statuses(one.get_absolute_url(), [client]) == [200] for one in editions]
        assert shown == visible


@pytest.mark.parametrize("where", ["/outcomes/nothing/", "/outcomes/first/v2/", "/outcomes/first/v1/download/exe/"])
def test_what_does_not_exist_is_not_found(client: Client, edition: Edition, where: str) -> None:
    assert edition.version == 1
    assert client.get(where).status_code == 404


def test_the_page_tells_finding_downloads_origin_and_how_to_cite(client: Client, told: Any) -> None:
    edition = told.publication.editions.get()
    office = factories.secretariat()
    actions.submit(edition=edition, by=factories.secretariat())
    actions.approve(edition=edition, by=office)
    edition = actions.publish_edition(edition=edition, by=office)
    page = client.get(edition.publication.get_absolute_url()).content.decode().partition("<main")[2]
    order = ["<h1>", '<p class="lede">Interregional', "download/pdf/", "What was found", "How this came about"]
    assert sorted(order, key=page.index) == order
    assert f'<a href="{told.get_absolute_url()}">Main challenges</a>' in page
    assert '<a href="/meetings/kick-off/">Kick-off</a>' in page
    assert "Edition 1. S3 Community of Practice. http://127.0.0.1:8000/outcomes/main-challenges/v1/" in page
    assert "Approved by a second person" in page
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license">CC BY 4.0</a>' in page


@pytest.mark.parametrize(
    ("kind", "media_type", "disposition"),
    [
        ("pdf", "application/pdf", 'inline; filename="first-v1.pdf"'),
        ("csv", "text/csv; charset=utf-8", 'attachment; filename="first-v1.csv"'),
        ("json", "application/json", 'attachment; filename="first-v1.json"'),
    ],
)
def test_a_file_comes_with_its_type_name_and_checksum(
    client: Client, edition: Edition, kind: str, media_type: str, disposition: str
) -> None:
    response = client.get(address("download", edition, kind))
    file = edition.files.get(format=kind)
    assert (response["Content-Type"], response["Content-Disposition"]) == (media_type, disposition)
    assert (response["ETag"], len(response.content)) == (f'"{file.sha256}"', file.size)
    again = client.get(address("download", edition, kind), headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_that_is_lost_is_not_found(client: Client, edition: Edition, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    assert client.get(address("download", edition, "pdf")).status_code == 404


def test_the_json_explains_its_fields(client: Client, edition: Edition) -> None:
    content = json.loads(client.get(address("download", edition, "json")).content)
    assert content["dictionary"]["…result.n"] == "ballots"
    assert content["edition"]["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_takes_four_queries(
    client: Client, edition: Edition, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number - 1):
        factories.published_edition(edition.publication)
    with django_assert_num_queries(4):
        client.get(edition.publication.get_absolute_url())


def test_a_stranger_gets_no_cookie(client: Client, edition: Edition) -> None:
    for where in (edition.get_absolute_url(), address("download", edition, "csv")):
        response = client.get(where)
        assert (dict(response.cookies), "Cookie" in response.get("Vary", "")) == ({}, False)


def test_an_earlier_edition_leads_to_the_newest(client: Client, edition: Edition) -> None:
    factories.published_edition(edition.publication, title="Corrected", change_note="One figure was wrong.")
    earlier = client.get(edition.get_absolute_url()).content.decode()
    latest = client.get(edition.publication.get_absolute_url()).content.decode()
    assert "There is a newer edition of this publication." in earlier
    assert "<h1>Corrected</h1>" in latest
    assert "One figure was wrong." in latest
    assert client.get(address("download", edition, "pdf")).status_code == 200


def test_a_withdrawn_edition_keeps_its_page_as_a_notice(client: Client, edition: Edition) -> None:
    actions.withdraw(edition=edition, by=factories.secretariat(), reason="The figures were wrong.")
    for where in (edition.get_absolute_url(), edition.publication.get_absolute_url()):
        page = client.get(where)
        assert page.status_code == 200
        assert "The figures were wrong." in page.content.decode()
        assert "In plain words" not in page.content.decode()
    gone = client.get(address("download", edition, "pdf"))
    assert (gone.status_code, f'href="{edition.get_absolute_url()}"' in gone.content.decode()) == (410, True)


def test_the_way_from_a_round_to_the_public(signed_in: Any, client: Client, group: Any, told: Any) -> None:
    writer, office = signed_in(factories.member(group, role="rapporteur")), signed_in(factories.secretariat())
    form = {
        "title": "Capacity first",
        "kind": "report",
        "groups": [group.pk],
        "rounds": [told.pk],
        "licence": "CC-BY-4.0",
    }
    created = writer.post(WORDS, form | {"abstract": "In short.", "plain_summary": "People *first*."})
    assert created["Location"] == "/outcomes/capacity-first/v1/build/"
    assert "0 of 6 steps done" in writer.get(created["Location"]).content.decode()
    build_pending()
    edition = Edition.objects.get(publication__slug="capacity-first")
    assert "The publication is built" in writer.get(address("build", edition)).content.decode()
    for person, step in ((writer, "submit"), (office, "approve"), (office, "publish")):
        assert client.get(edition.get_absolute_url()).status_code == 404
        assert person.get(address(step, edition)).status_code == 200
        assert person.post(address(step, edition)).status_code == 302
    page = client.get("/outcomes/capacity-first/").content.decode()
    assert "<p>People <em>first</em>.</p>" in page
    edition.refresh_from_db()
    assert edition.state == State.PUBLISHED


def test_the_sender_is_told_why_somebody_else_must_approve(signed_in: Any, ready: Edition) -> None:
    edition, person = ready, factories.secretariat()
    actions.submit(edition=edition, by=person)
    response = signed_in(person).post(address("approve", edition))
    assert response.status_code == 403
    assert "but not the person who sent it to review" in response.content.decode()
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


def test_writers_read_why_an_edition_came_back(signed_in: Any, group: Any, ready: Edition) -> None:
    edition, office = ready, factories.secretariat(display_name="Office")
    writer = signed_in(factories.leader(group))
    actions.submit(edition=edition, by=office)
    actions.return_to_draft(edition=edition, by=office, reason="Name the regions.")
    page = writer.get(edition.get_absolute_url()).content.decode()
    assert "Office sent this edition back:</b> Name the regions." in page
    actions.request_build(edition=edition, by=office)
    build_pending()
    actions.submit(edition=edition, by=office)
    assert "sent this edition back" not in writer.get(edition.get_absolute_url()).content.decode()


def test_a_step_out_of_turn_is_told_and_changes_nothing(signed_in: Any, edition: Edition) -> None:
    office = signed_in(factories.secretariat())
    response = office.post(address("approve", edition), follow=True)
    assert "The edition is published now." in response.content.decode()
    assert "its text no longer changes" in office.get(address("edit", edition), follow=True).content.decode()
    assert "this step is not possible" in office.post(address("build", edition), follow=True).content.decode()
    edition.refresh_from_db()
    assert edition.state == State.PUBLISHED


def test_a_reason_is_asked_for_beside_the_field(signed_in: Any, edition: Edition) -> None:
    office = signed_in(factories.secretariat())
    response = office.post(address("withdraw", edition), {"reason": " "})
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    office.post(address("withdraw", edition), {"reason": "Wrong."})
    edition.refresh_from_db()
    assert (edition.state, edition.withdraw_reason) == (State.WITHDRAWN, "Wrong.")


def test_saving_an_edition_builds_it_anew(signed_in: Any, group: Any, told: Any) -> None:
    edition = factories.built_edition(factories.publication(group), told)
    writer = signed_in(factories.leader(group))
    page = writer.get(address("edit", edition)).content.decode()
    assert "checked" in page
    values = {"title": "Other title", "abstract": "Short.", "licence": "CC0-1.0", "rounds": [told.pk]}
    assert writer.post(address("edit", edition), values)["Location"] == address("build", edition)
    assert build_pending() == 1
    edition.refresh_from_db()
    assert (edition.state, edition.title, edition.licence) == (State.READY, "Other title", "CC0-1.0")
    assert snapshot_of(edition)["edition"]["title"] == "Other title"


def test_a_form_that_lacks_something_keeps_what_was_typed(signed_in: Any, group: Any) -> None:
    writer, before = signed_in(factories.leader(group)), Publication.objects.count()
    response = writer.post(WORDS, {"title": "", "abstract": "Kept.", "kind": "poem", "rounds": ["x"]})
    assert set(response.context["form"].errors) == {"title", "kind", "groups", "rounds", "licence", "plain_summary"}
    assert "Kept." in response.content.decode()
    assert Publication.objects.count() == before


def test_records_of_other_groups_are_not_on_offer(signed_in: Any, group: Any) -> None:
    foreign = factories.published_round(factories.group(), BALLOTS[0])
    writer = signed_in(factories.leader(group))
    form = {"title": "T", "kind": "report", "groups": [group.pk], "rounds": [foreign.pk], "licence": "CC-BY-4.0"}
    assert "rounds" in writer.post(WORDS, form).context["form"].errors


def test_a_correction_is_the_next_edition_with_a_note(
    signed_in: Any, client: Client, edition: Edition, group: Any
) -> None:
    leader = signed_in(factories.leader(group))
    where = reverse("outcomes:next", args=["first"])
    values = {"title": edition.title, "abstract": "Short.", "plain_summary": "Text.", "licence": "CC-BY-4.0"}
    assert leader.post(where, values).context["form"].errors == {"change_note": ["This field is required."]}
    assert leader.post(where, values | {"change_note": "A word."})["Location"] == "/outcomes/first/v2/build/"
    assert (
        "Finish it before you plan the next one" in leader.post(where, values | {"change_note": "x"}).content.decode()
    )
    assert client.get("/outcomes/first/").context["edition"] == edition
    assert client.get("/outcomes/first/v2/").status_code == 404


def test_a_failed_build_shows_its_words_and_can_be_tried_again(signed_in: Any, group: Any) -> None:
    hidden = factories.open_round(group, electors=1, title="Still open")
    edition = factories.built_edition(factories.publication(group), hidden)
    leader = signed_in(factories.leader(group))
    for where in (edition.get_absolute_url(), address("build", edition)):
        assert "“Still open” is not public" in leader.get(where).content.decode()
    leader.post(address("build", edition))
    edition.refresh_from_db()
    assert (edition.state, edition.build_attempts) == (State.BUILDING, 0)


def test_the_editor_reads_which_characters_were_replaced(signed_in: Any, client: Client, group: Any) -> None:
    edition = factories.built_edition(factories.publication(group), abstract="In 漢 short.")
    page = signed_in(factories.leader(group)).get(edition.get_absolute_url()).content.decode()
    assert "U+6F22 (CJK UNIFIED IDEOGRAPH-6F22)" in page
    assert client.get(edition.get_absolute_url()).status_code == 404


def test_a_template_leads_to_records_and_records_to_suggested_words(signed_in: Any, group: Any, told: Any) -> None:
    writer = signed_in(factories.leader(group))
    assert "/outcomes/new/half_year/?group=x" in writer.get("/outcomes/new/?group=x").content.decode()
    page = writer.get("/outcomes/new/round/").content.decode()
    assert told.title in page
    nothing = writer.get("/outcomes/new/meeting/", {"next": "words", "groups": group.pk})
    assert nothing.context["form"].errors == {"meetings": ["Choose at least one."]}
    chosen = writer.get("/outcomes/new/round/", {"next": "words", "groups": group.pk, "rounds": told.pk})
    assert chosen["Location"] == f"{WORDS}?groups={group.pk}&rounds={told.pk}"
    words = writer.get(chosen["Location"]).context
    assert [(str(label), names) for label, names in words["told"]] == [("Ranking rounds", [told.title])]
    form = words["form"]
    assert form["title"].value() == "Main challenges: what the members ranked first"
    assert "12 of 12 electors voted." in form["abstract"].value()
    assert "No record is chosen" in writer.get(WORDS, {"groups": group.pk}).content.decode()
    assert writer.get("/outcomes/new/poem/").status_code == 404


def test_a_new_publication_is_looked_at_before_it_is_begun(signed_in: Any, group: Any, told: Any) -> None:
    writer = signed_in(factories.leader(group))
    assert 'name="preview"' in writer.get(WORDS, {"groups": group.pk, "rounds": told.pk}).content.decode()
    typed = {"title": "Looked at", "abstract": "A", "kind": "report", "groups": [group.pk], "rounds": [told.pk]}
    rows = (Publication, Edition, Entry)
    before = [row.objects.count() for row in rows]
    page = writer.post(WORDS, typed | {"licence": "CC-BY-4.0", "preview": "1"}).content.decode()
    assert "<h1>Looked at</h1>" in page
    assert "What was found" in page
    assert [row.objects.count() for row in rows] == before
    assert writer.post(WORDS, typed | {"preview": "1"}).context["form"].errors.keys() == {"licence"}


def test_editors_are_told_what_was_taken_out_of_their_text(signed_in: Any, group: Any, ready: Edition) -> None:
    edition = ready
    writer = signed_in(factories.leader(group))
    text = "See ![map](https://a.example/m.png) and [run](javascript:alert(1)) <b>now</b>."
    values = {"title": "T", "abstract": "Short.", "licence": "CC-BY-4.0", "plain_summary": text}
    writer.post(address("edit", edition), values)
    build_pending()
    edition.refresh_from_db()
    assert edition.plain_summary == "See map and run now."
    page = writer.get(edition.get_absolute_url()).content.decode()
    for told in ("![map](https://a.example/m.png)", "[run](javascript:alert(1))", "&lt;b&gt;"):
        assert told in page


def test_members_comment_on_the_page_while_they_may(signed_in: Any, group: Any, ready: Edition) -> None:
    edition = ready
    office, member = signed_in(factories.secretariat()), signed_in(factories.member(group))
    assert member.get(edition.get_absolute_url()).status_code == 404
    late = {"comments_until": "2020-01-01T10:00"}
    assert "comments_until" in office.post(address("submit", edition), late).context["form"].errors
    office.post(address("submit", edition), {"comments_until": "2099-01-01T10:00"})
    assert "Your comment" in member.get(edition.get_absolute_url()).content.decode()
    member.post(address("comment", edition), {"text": "Name <b>ports</b>."})
    assert [said.text for said in edition.comments.all()] == ["Name <b>ports</b>."]
    assert "Name &lt;b&gt;ports&lt;/b&gt;." in office.get(edition.get_absolute_url()).content.decode()


def test_a_build_can_be_called_off(signed_in: Any, group: Any) -> None:
    edition = actions.request_build(edition=factories.drafted_edition(factories.publication(group)), by=None)
    writer = signed_in(factories.leader(group))
    page = writer.post(address("cancel", edition), follow=True).content.decode()
    assert "The build is called off." in page
    assert build_pending() == 0
    assert "nothing to call off" in writer.post(address("cancel", edition), follow=True).content.decode()
    edition.refresh_from_db()
    assert edition.state == State.DRAFT


def test_the_page_of_changes_tells_them_section_by_section(client: Client, group: Any) -> None:
    publication = factories.publication(group, slug="two")
    factories.published_edition(publication, plain_summary="Ports are slow.")
    factories.published_edition(publication, plain_summary="Ports are fast.", change_note="One word.")
    page = client.get("/outcomes/two/v2/changes/").content.decode()
    assert "<del>slow</del><ins>fast</ins>" in page
    assert client.get("/outcomes/two/v1/changes/").status_code == 404
    assert "/outcomes/two/v2/changes/" in client.get("/outcomes/two/").content.decode()


def test_publication_at_a_time_is_asked_for_on_the_page(signed_in: Any, client: Client, ready: Edition) -> None:
    edition = ready
    actions.submit(edition=edition, by=factories.secretariat())
    office_person = factories.secretariat()
    actions.approve(edition=edition, by=office_person)
    office = signed_in(office_person)
    told = office.post(address("publish", edition), {"at": "2099-01-01T10:00"}, follow=True).content.decode()
    assert "The edition appears on" in told
    assert client.get(edition.get_absolute_url()).status_code == 404
    asked = office.get(address("publish", edition)).content.decode()
    assert "It is to appear on Thursday 1 January 2099, 10:00, Brussels time (CET, UTC+01:00) already;" in asked
    office.post(address("keep_back", edition), {"reason": "Wait."})
    edition.refresh_from_db()
    assert (edition.state, edition.publish_at) == (State.APPROVED, None)
    office.post(address("publish", edition), {"at": ""})
    assert client.get(edition.get_absolute_url()).status_code == 200
