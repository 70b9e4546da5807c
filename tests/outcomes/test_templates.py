"""The four templates: each built in every format, checked by programs of others, and saying the same everywhere."""

import copy
import csv
import hashlib
import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pypdf
import pytest
from docx.oxml.ns import qn
from outloud.cli import main as outloud

from outcomes import actions, document, files, html, snapshot
from outcomes.models import Edition
from outcomes.nodes import Table
from tests import factories
from tests.outcomes import scenes
from tests.outcomes.test_faults import run
from tests.outcomes.told import blocks

pytestmark = pytest.mark.django_db
TEMPLATES = ["round", "meeting", "half_year", "leaflet"]
FORMATS = {"pdf", "docx", "csv", "json", "bib", "ris", "csl"}


WORDS = f"**Letters**: [{scenes.EVERY_LETTER}](https://a.example)"


@pytest.fixture(scope="module")
def one_scene(rows_of_module: None) -> scenes.Scene:  # noqa: ARG001 - a ground for what is made here
    return scenes.scene()


@pytest.fixture
def scene(one_scene: scenes.Scene) -> scenes.Scene:
    return copy.deepcopy(one_scene)


@pytest.fixture(scope="module")
def editions(one_scene: scenes.Scene) -> dict[str, Edition]:
    """One of each template."""
    prose = {"plain_summary": WORDS, "next_steps": "Regions **try** this."}
    return {template: scenes.built(one_scene, template, **prose) for template in TEMPLATES}


def content(edition: Edition, kind: str) -> bytes:
    return files.path_of(edition.files.get(format=kind).sha256).read_bytes()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00ad", ""))


def pdf_text(edition: Edition) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content(edition, "pdf")))
    return squeezed(" ".join(page.extract_text() for page in reader.pages))


def word_text(edition: Edition) -> str:
    body: Any = docx.Document(io.BytesIO(content(edition, "docx"))).element.body
    cells = ("".join(text.text or "" for text in part.iter(qn("w:t"))) for part in body.iter(qn("w:p")))
    return squeezed(" ".join(cells))


def page_text(edition: Edition) -> str:
    words = re.sub(r"</?(?:em|strong|a)\b[^>]*>", "", edition.html)
    return squeezed(re.sub("<[^>]+>", " ", words).replace("&amp;", "&"))


EXPECTED = {
    "round": ["Capacity comes first", "24 of 24 electors voted.", "Capacity 1 1", "Nothing works without people."],
    "meeting": ["18 of 24 invited came.", "Public authorities 6 6", "Civil society 6 0", "Welcome (30 min)",
                "The group takes up capacity first.", "Write up two practices.", "Capacity came first."],
    "half_year": ["1 January 2026 to 30 June 2026", "18 of 24 invited came.", "The group takes up capacity first.",
                  "No ranking was published in this period."],
    "leaflet": ["Capacity comes first", "24 of 24 members ranked the challenges", "Name common challenges"],
}  # fmt: skip


def table_rows(edition: Edition) -> list[str]:
    """The rows of every table of the document, their heads included, cells side by side."""
    told = document.compose(edition.snapshot or {}, snapshot.WORDS)
    tables = [block for block in blocks(told) if isinstance(block, Table)]
    rows = (row for table in tables for row in (tuple(column.label for column in table.columns), *table.rows))
    return [squeezed(" ".join(row)) for row in rows]


ROWS = {"round": 28, "meeting": 10, "half_year": 16, "leaflet": 0}


@pytest.mark.parametrize("template", TEMPLATES)
def test_pdf_word_and_page_hold_the_same_figures(editions: dict[str, Edition], template: str) -> None:
    edition = editions[template]
    assert (edition.state, edition.build_error, edition.notes) == (Edition.State.READY, "", [])
    assert {file.format for file in edition.files.all()} == FORMATS
    rows = table_rows(edition)
    assert len(rows) == ROWS[template]
    for text in (page_text(edition), pdf_text(edition), word_text(edition)):
        assert [said for said in (*EXPECTED[template], *rows) if said not in text] == []
        assert "Regions try this." in text


def test_another_process_with_another_zone_and_hash_seed_writes_the_same_bytes_from_the_snapshot(
    editions: dict[str, Edition],
) -> None:
    stored = [
        {
            "html": hashlib.sha256(edition.html.encode()).hexdigest(),
            **dict(edition.files.values_list("format", "sha256")),
        }
        for edition in editions.values()
    ]
    given = json.dumps([edition.snapshot for edition in editions.values()])
    elsewhere = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "4242", "LC_ALL": "C"}
    assert run("tests.outcomes.written", given=given, **elsewhere) == stored


def test_the_json_alone_holds_every_figure_that_is_shown(editions: dict[str, Edition]) -> None:
    """The whole article, its tables, charts and sentences, is written again from the file that readers download."""
    for edition in editions.values():
        told = document.compose(json.loads(content(edition, "json")), snapshot.WORDS)
        assert html.write(told) == edition.html


def test_qpdf_and_the_accessibility_checker_find_no_error(editions: dict[str, Edition], tmp_path: Path) -> None:
    for template, edition in editions.items():
        (tmp_path / f"{template}.pdf").write_bytes(content(edition, "pdf"))
        assert scenes.EVERY_LETTER in pdf_text(edition)
        with pikepdf.open(tmp_path / f"{template}.pdf") as opened:
            assert opened.check_pdf_syntax() == []
            with opened.open_metadata() as says:
                kept = [says[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
        assert kept == ["2", "A", "1"]
    with pytest.raises(SystemExit) as told:
        outloud(["--fail-on", "error", "-q", *(str(path) for path in sorted(tmp_path.glob("*.pdf")))])
    assert told.value.code == 0


def test_a_leaflet_is_one_page_or_the_editor_is_told(scene: scenes.Scene) -> None:
    summary = scene.group.summary
    edition = scenes.built(scene, "leaflet", plain_summary="Words that fill the page. " * 60, abstract=summary)
    assert pdf_text(edition).count(summary) == 1, "what stands first is not said again"
    assert summary in pdf_text(scenes.built(scene, "leaflet", abstract="In other words."))
    assert len(pypdf.PdfReader(io.BytesIO(content(edition, "pdf"))).pages) == 1
    long = scenes.built(scene, "leaflet", plain_summary="Words that fill the page. " * 600)
    assert (long.state, long.build_error) == (
        Edition.State.FAILED,
        "The text does not fit on the one page of a leaflet. Make it shorter.",
    )


def test_minutes_in_work_are_not_told_and_nobody_is_named_who_did_not_agree(
    scene: scenes.Scene, editions: dict[str, Edition]
) -> None:
    owner = scene.meeting.actions.get().owner
    named = editions["meeting"]
    assert "A member of the group" in named.html
    assert owner
    assert owner.display_name not in named.html
    scene.meeting.minutes.create(revision=2, state="draft", text="Not yet.", changed_at=scenes.WHEN)
    again = scenes.built(scene, "meeting")
    assert "Not yet." not in json.dumps(again.snapshot)


def test_a_meeting_without_published_minutes_says_so(scene: scenes.Scene) -> None:
    second = factories.meeting(scene.group, title="Second", state="held")
    second.decisions.create(position=1, text="Still secret.")
    second.minutes.create(revision=1, state="draft", text="Not yet.", changed_at=scenes.WHEN)
    planned = factories.drafted_edition(factories.publication(scene.group), second, template="meeting")
    bare = actions.build_edition(actions.request_build(edition=planned, by=None).pk)
    assert "The minutes are not published yet." in bare.html
    assert [said for said in ("Still secret.", "Not yet.") if said in json.dumps(bare.snapshot)] == []


def test_the_csv_holds_the_figures_of_meetings_and_groups(editions: dict[str, Edition]) -> None:
    found = {}
    for template in ("meeting", "half_year"):
        rows = csv.DictReader(io.StringIO(content(editions[template], "csv").decode(), newline=""))
        found[template] = {(row["part"], row["item"], row["helix"], row["measure"]): row["value"] for row in rows}
    assert found["meeting"]["meeting", "", "civil_society", "invited"] == "6"
    assert found["meeting"]["meeting", "", "civil_society", "came"] == "0"
    assert found["meeting"]["meeting", "Write up two practices.", "", "action"] == "open"
    assert found["half_year"]["group", "", "", "period_until"] == "2026-07-01"
    assert found["half_year"]["group", "Kick-off", "", "came"] == "18"
    assert found["half_year"]["group", "", "business", "members"] == "6"
