"""Building: the same numbers in every format, odd text as data, and builds that are killed, fail or are overtaken."""

import copy
import csv
import datetime as dt
import io
import json
import re
from typing import Any

import docx
import pypdf
import pytest
from django.utils.html import escape

from challenges import tally
from history.models import Entry
from meetings.models import Meeting
from outcomes import actions, files, pdf
from outcomes.actions import building, references
from outcomes.models import Edition, Reference
from outcomes.tasks import build_pending
from tests import factories

pytestmark = pytest.mark.django_db

TITLE = '=HYPERLINK("x") #read("/etc/passwd") <script>alert(1)</script> =1+1'
WHEN = dt.datetime(2023, 7, 14, 9, 0, tzinfo=dt.UTC)
BALLOTS = [[1, 2, 3], [1, 3, 2], [1, 2, 0], [2, 1, 3]] * 6
ENOUGH = BALLOTS[:10]
EVERY_LETTER = "Ελλάδα България Žluťoučký kůň Łódź Ħobż Öğrenci Ñandú ŐŰ Țară Šķēle Ėjimas Åland ß Ærø"


@pytest.fixture(scope="module")
def group(rows_of_module: None) -> Any:  # noqa: ARG001 - a ground for what is made here
    return factories.group(name="Interregional Collaboration")


@pytest.fixture(scope="module")
def printed(group: Any) -> Edition:
    """What is published of a round; its title tries to be code wherever it stands."""
    told = factories.published_round(group, *BALLOTS, meeting=factories.meeting(group))
    return factories.published_edition(factories.publication(group), told, title=TITLE)


@pytest.fixture
def edition(printed: Edition) -> Edition:
    return copy.deepcopy(printed)


@pytest.fixture
def told(edition: Edition) -> Any:
    return edition.sources.get().record


def content(edition: Edition, kind: str) -> bytes:
    return files.path_of(edition.files.get(format=kind).sha256).read_bytes()


def snapshot_of(edition: Edition) -> Any:
    return edition.snapshot


def pdf_text(edition: Edition) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content(edition, "pdf")))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def rows(edition: Edition) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content(edition, "csv").decode(), newline="")))


def test_a_title_that_looks_like_code_is_printed_as_itself(edition: Edition, client: Any) -> None:
    page = client.get(edition.get_absolute_url()).content.decode()
    assert f"<h1>{escape(TITLE)}</h1>" in page
    assert "<script>alert" not in page
    assert TITLE in pdf_text(edition)
    assert json.loads(content(edition, "json"))["edition"]["title"] == TITLE


def test_text_that_a_spreadsheet_would_run_is_defused(edition: Edition) -> None:
    assert {row["publication"] for row in rows(edition)} == {f"'{TITLE}"}


def test_page_pdf_csv_and_json_hold_the_same_figures(edition: Edition) -> None:
    result = json.loads(content(edition, "json"))["sources"]["rounds"][0]["result"]
    table = {(row["item"], row["measure"]): row["value"] for row in rows(edition) if not row["helix"]}
    text, printed = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", edition.html)), pdf_text(edition)
    for option in result["options"]:
        figures = option["figures"]
        said = [option["title"], option["place"], str(option["tier"])]
        low, high = figures["interval"]
        said.append(str(low) if low == high else f"{low}–{high}")
        said += [f"{figures['mean_rank']:.2f}", f"{figures['top_three']} %", str(figures["no_opinion"])]
        assert " ".join(said) in text
        assert " ".join(said) in printed
        assert table[option["title"], "mean_rank"] == str(figures["mean_rank"])
        assert table[option["title"], "place"] == option["place"]


def test_the_json_alone_recomputes_the_ranks(edition: Edition) -> None:
    result = json.loads(content(edition, "json"))["sources"]["rounds"][0]["result"]
    again = tally.decide(result["head_to_head"]["pairwise"], "schulze", result["method"]["strength"])
    assert {option["index"]: option["rank"] for option in result["options"]} == dict(enumerate(again.ranks.tolist()))


def test_every_letter_of_the_union_stands_in_the_pdf(group: Any) -> None:
    edition = factories.built_edition(factories.publication(group), abstract=EVERY_LETTER)
    assert EVERY_LETTER in pdf_text(edition)
    assert edition.notes == []


def test_odd_characters_never_break_a_build_and_the_editor_is_told(group: Any) -> None:
    odd = "漢字 かな 한글 😀👩‍👩‍👧 \x07\x1b\ufeff end"
    edition = factories.built_edition(factories.publication(group), title="Title 漢", plain_summary=odd)
    assert edition.state == Edition.State.READY
    assert edition.plain_summary == "漢字 かな 한글 😀👩‍👩‍👧  end"
    where = {note["character"]: note["where"] for note in edition.notes}
    assert where["U+6F22 (CJK UNIFIED IDEOGRAPH-6F22)"] == ["Title 漢", "In plain words"]
    assert "Title \ufffd" in pdf_text(edition)
    assert "漢字 かな" in edition.html


def test_the_pdf_is_tagged_and_says_what_it_is(edition: Edition) -> None:
    reader = pypdf.PdfReader(io.BytesIO(content(edition, "pdf")))
    catalog: Any = reader.trailer["/Root"]
    assert (catalog["/MarkInfo"]["/Marked"], catalog["/Lang"]) == (True, "en")
    assert reader.metadata is not None
    assert reader.metadata.title == TITLE
    outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert outline[:2] == ["What was found", "In plain words"]


def test_the_same_snapshot_gives_the_same_bytes(group: Any, told: Any) -> None:
    publication = factories.publication(group)
    edition = factories.drafted_edition(publication, told)
    actions.request_build(edition=edition, by=None)
    first = actions.build_edition(edition.pk, now=WHEN)
    sums = dict(first.files.values_list("format", "sha256"))
    actions.edit_edition(edition=edition, by=factories.secretariat())
    second = actions.build_edition(edition.pk, now=WHEN)
    assert dict(second.files.values_list("format", "sha256")) == sums
    assert second.html == first.html


def test_a_publication_may_tell_of_several_records(group: Any, told: Any) -> None:
    second = factories.published_round(group, *BALLOTS[:4], title="Second round")
    option = told.options.select_related("challenge").first().challenge
    meeting = factories.meeting(group, title="Meeting in June", summary="It was **good**.")
    meeting.agenda.create(position=1, title="Welcome")
    edition = factories.built_edition(factories.publication(group), told, second, meeting, option)
    text = pdf_text(edition)
    assert edition.state == Edition.State.READY
    assert [part in text for part in ("Main challenges", "Second round", "Meeting in June", "Welcome")] == [True] * 4
    assert 'id="finding-1"' in edition.html
    assert 'id="finding-2"' in edition.html
    kinds = [step["kind"] for step in snapshot_of(edition)["provenance"]]
    assert sorted(kinds) == ["Meeting", "Meeting", "Ranking round", "Ranking round"]


def test_a_publication_without_records_holds_the_words_of_its_editors(group: Any) -> None:
    edition = factories.built_edition(factories.publication(group), plain_summary="Just **words**.")
    assert "<p>Just <strong>words</strong>.</p>" in edition.html


def test_few_ballots_show_an_order_and_no_figures(group: Any) -> None:
    told = factories.published_round(group, *BALLOTS[:6])
    edition = factories.built_edition(factories.publication(group), told)
    result = snapshot_of(edition)["sources"]["rounds"][0]["result"]
    assert (result["shown"], result["head_to_head"]) == ("order", None)
    assert "Mean rank" not in edition.html
    assert "With fewer than ten ballots" in pdf_text(edition)
    assert {row["measure"] for row in rows(edition) if row["item"]} == {"place", "rank", "tier"}


def test_what_is_not_public_fails_the_build_in_words(group: Any) -> None:
    hidden = factories.open_round(group, electors=1, title="Still open")
    edition = factories.built_edition(factories.publication(group), hidden)
    assert edition.state == Edition.State.FAILED
    assert edition.build_error == "“Still open” is not public, so nothing can be published from it yet."
    assert edition.files.count() == 0


def test_a_failed_build_can_be_repeated_by_hand(group: Any) -> None:
    opened = factories.open_round(group, electors=1)
    edition = factories.built_edition(factories.publication(group), opened)
    edition = actions.edit_edition(edition=edition, by=factories.secretariat(), sources=[])
    assert (edition.state, edition.build_attempts, edition.build_error) == (Edition.State.BUILDING, 0, "")
    assert actions.build_edition(edition.pk).state == Edition.State.READY


def test_an_unexpected_error_is_tried_again_and_then_parked(group: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = factories.drafted_edition(factories.publication(group))
    actions.request_build(edition=edition, by=None)
    monkeypatch.setattr(pdf, "TEMPLATE", files.path_of("nowhere"))
    states = [actions.build_edition(edition.pk).state for _ in range(Edition.MAX_BUILDS)]
    assert states == ["building", "building", "failed"]
    edition.refresh_from_db()
    assert edition.build_error.startswith("The build broke off: FileNotFoundError")
    assert actions.build_edition(edition.pk).build_attempts == Edition.MAX_BUILDS


def test_a_killed_build_is_repeated_when_its_lease_runs_out(group: Any) -> None:
    edition = factories.drafted_edition(factories.publication(group))
    actions.request_build(edition=edition, by=None)
    alive = dt.datetime.now(tz=dt.UTC) + dt.timedelta(minutes=5)
    Edition.objects.filter(pk=edition.pk).update(build_attempts=1, build_lease_until=alive)
    assert build_pending() == 0
    Edition.objects.filter(pk=edition.pk).update(build_lease_until=alive - dt.timedelta(minutes=6))
    assert build_pending() == 1
    edition.refresh_from_db()
    assert (edition.state, edition.build_attempts) == (Edition.State.READY, 2)


def test_a_build_that_kills_its_worker_each_time_is_parked_with_words(group: Any) -> None:
    edition = factories.drafted_edition(factories.publication(group))
    actions.request_build(edition=edition, by=None)
    over = dt.datetime.now(tz=dt.UTC) - dt.timedelta(minutes=1)
    Edition.objects.filter(pk=edition.pk).update(build_attempts=Edition.MAX_BUILDS, build_lease_until=over)
    assert build_pending() == 0
    edition.refresh_from_db()
    assert (edition.state, edition.build_error) == (Edition.State.FAILED, "The build was interrupted 3 times.")


def test_a_build_that_was_overtaken_writes_nothing(group: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = factories.drafted_edition(factories.publication(group))
    actions.request_build(edition=edition, by=None)
    write = pdf.write

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        Edition.objects.filter(pk=edition.pk).update(build_attempts=2)
        return write(*args, **kwargs)

    monkeypatch.setattr(pdf, "write", overtaken)
    built = actions.build_edition(edition.pk)
    assert (built.state, built.html, built.files.count()) == (Edition.State.BUILDING, "", 0)


def test_a_build_called_off_and_asked_for_again_leaves_the_newer_words(group: Any) -> None:
    writer, publication = factories.secretariat(), factories.publication(group)
    edition = actions.request_build(edition=factories.drafted_edition(publication, title="Old words"), by=None)
    first = building._claim(edition.pk)
    assert first
    slow = building._build(first, WHEN)
    actions.cancel_build(edition=edition, by=writer)
    actions.edit_edition(edition=edition, by=writer, title="New words")
    second = building._claim(edition.pk)
    assert second
    assert (first.build_attempts, second.build_attempts) == (1, 1)
    late = building._keep(first, slow, None)
    assert (late.state, late.html, late.files.count()) == (Edition.State.BUILDING, "", 0)
    kept = building._keep(second, building._build(second, WHEN), None)
    assert (kept.state, snapshot_of(kept)["edition"]["title"]) == (Edition.State.READY, "New words")


def test_figures_stay_those_of_the_snapshot_while_the_prose_changes(group: Any) -> None:
    held, writer = factories.meeting(group, title="Meeting in June"), factories.secretariat()
    edition = factories.built_edition(factories.publication(group), held)
    Meeting.objects.filter(pk=held.pk).update(title="Meeting in July")
    actions.edit_edition(edition=edition, by=writer, plain_summary="Newer **words**.")
    edited = actions.build_edition(edition.pk)
    said = ("Meeting in June", "Meeting in July", "Newer <strong>words</strong>")
    assert [words in edited.html for words in said] == [True, False, True]
    actions.request_build(edition=edited, by=writer)
    assert "Meeting in July" in actions.build_edition(edition.pk).html


def test_the_steps_done_can_be_seen(group: Any) -> None:
    edition = factories.built_edition(factories.publication(group))
    assert edition.build_step == Edition.BUILD_STEPS


def test_a_published_round_gets_its_publication_by_itself() -> None:
    group = factories.group(name="Diffusion")
    told = factories.published_round(group, *ENOUGH, meeting=factories.meeting(group))
    assert build_pending() == 1
    publication = told.publication
    edition = publication.editions.get()
    assert (publication.slug, publication.kind, edition.state) == ("main-challenges", "report", Edition.State.READY)
    assert edition.title == "Main challenges: what the members ranked first"
    assert edition.abstract.startswith("Diffusion asked its members: “Which challenges hold you back")
    assert edition.abstract.endswith("10 of 10 electors voted.")
    assert [source.record for source in edition.sources.order_by("position")] == [told, told.meeting]
    assert publication.topics.count() == 3
    assert build_pending() == 0
    headline = snapshot_of(edition)["sources"]["rounds"][0]["headline"]
    assert f"{headline}. " in pdf_text(edition)
    assert headline in edition.abstract


@pytest.mark.usefixtures("edition")
def test_a_round_with_too_few_ballots_or_with_an_edition_gets_none(group: Any) -> None:
    factories.published_round(group, *BALLOTS[:4])
    assert list(actions.rounds_without_outcome()) == []
    assert build_pending() == 0


def test_a_second_round_of_the_same_name_gets_a_free_address() -> None:
    told, again = (factories.published_round(factories.group(), *ENOUGH) for _ in range(2))
    build_pending()
    assert [told.publication.slug, again.publication.slug] == ["main-challenges", "main-challenges-2"]


def test_who_contributed_is_known_only_where_turnout_may_be_shown(group: Any, edition: Edition) -> None:
    assert edition.helices == ["government", "business", "academia", "civil_society"]
    small = factories.published_round(factories.group(), *BALLOTS[:4])
    assert factories.built_edition(factories.publication(group), small).helices == []


def test_building_leaves_its_line_in_the_history(group: Any) -> None:
    edition = factories.built_edition(factories.publication(group))
    verbs = Entry.objects.about(edition.publication).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["started", "edition_planned", "build_requested", "edition_built"]


def test_works_of_others_that_are_cited_stand_at_the_end_of_every_format(group: Any, told: Any) -> None:
    said = {"kind": "report", "authors": ["Müller, Anna", "OECD"], "year": 2020, "publisher": "Publications Office"}
    manual = Reference(title="A manual", series="EUR", number="30172", doi="10.2760/3582", **said)
    undated = Reference(title="Notes & queries", kind="book", url="https://a.example/notes")
    for work in (manual, undated):
        references.add_reference(reference=work, groups=[], by=None)
    edition = factories.built_edition(factories.publication(group), told, references=[manual])
    expected = "Müller, Anna; OECD (2020). A manual. EUR 30172. Publications Office."
    assert f'<a href="https://doi.org/10.2760/3582">{expected}</a>' in edition.html.rpartition("<h2")[2]
    assert expected in pdf_text(edition)
    body: Any = docx.Document(io.BytesIO(content(edition, "docx"))).element.body
    assert expected in "".join(body.itertext())
    assert [work["doi"] for work in json.loads(content(edition, "json"))["references"]] == ["10.2760/3582"]
    actions.edit_edition(edition=edition, by=factories.secretariat(), references=[undated])
    again = actions.build_edition(edition.pk)
    assert ["A manual" in again.html, "(no date). Notes &amp; queries." in again.html] == [False, True]
