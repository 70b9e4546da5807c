"""What needs no database: characters, Markdown, the document's tree, CSV and JSON, and files under their hash."""

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.prose import to_html
from outcomes import (
    characters,
    document,
    files,
    group_sections,
    html,
    imprint,
    leaflet_sections,
    pdf,
    prose,
    tables,
    written,
)
from outcomes.dictionary import DICTIONARY
from outcomes.nodes import Column, Document, Fact, Facts, Paragraph, Prose, Quote, Section, Table, texts
from tests.outcomes.told import WHEN, WORDS, a_round, a_snapshot


def headings(told: Document) -> list[str]:
    return [section.heading for section in told.sections]


@given(st.text())
def test_cleaning_leaves_nothing_that_a_format_refuses(text: str) -> None:
    cleaned = characters.clean(text)
    assert characters.clean(cleaned) == cleaned
    assert not any(ord(c) < 32 and c not in "\n\t" for c in cleaned)
    cleaned.encode()


def test_cleaning_reaches_every_text_of_a_tree() -> None:
    assert characters.cleaned({"a": ["x\x00", ("y\x1b", 1, None)]}) == {"a": ["x", ["y", 1, None]]}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://a.example/p.png)", '<p>!<a href="https://a.example/p.png" rel="noopener noreferrer">x</a></p>'),
        ("# no heading", "<p># no heading</p>"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>"),
    ],
)
def test_markdown_gives_harmless_html(source: str, expected: str) -> None:
    assert to_html(source) == expected


def test_markdown_gives_the_same_words_to_html_and_tree() -> None:
    source = "One *two*\nthree\n\n- four\n- [five](https://a.example)\n\n> six\n\n1. seven"
    assert prose.to_text(source) == "One two three\nfour\nfive\nsix\nseven"
    assert [node["kind"] for node in prose.to_tree(source)] == ["paragraph", "bullets", "quote", "numbers"]


@given(st.text(max_size=80))
def test_no_markdown_breaks_the_tree(source: str) -> None:
    json.dumps(prose.to_tree(characters.clean(source)))
    assert "<script" not in to_html(source)


def test_the_sections_follow_the_checklist() -> None:
    told = document.compose(a_snapshot(a_round([[1, 2, 3]] * 12, ["business"] * 12), plain_summary="In short."), WORDS)
    assert headings(told) == [
        "What was found",
        "In plain words",
        "The question",
        "What could be ranked",
        "Who was asked, and who voted",
        "Each challenge against each other",
        "How the helices differ",
        "How sure this is",
        "How it was counted",
        "What the group is for",
        "Limits",
    ]


def test_minority_statements_stand_before_the_method_and_in_their_own_words() -> None:
    said = [{"text": "Ports *matter*.", "name": "Ada"}, {"text": "Islands too.", "name": ""}]
    told = document.compose(a_snapshot(a_round([[1, 2, 3]] * 12, ["business"] * 12, statements=said)), WORDS)
    at = headings(told).index("Minority statements")
    assert headings(told)[at + 1] == "How it was counted"
    assert told.sections[at].blocks == (
        Quote("Ports *matter*.", "Ada"),
        Quote("Islands too.", "A member of the group"),
    )


def test_below_five_ballots_no_figure_is_told() -> None:
    told = document.compose(a_snapshot(a_round([[1, 2]] * 4, ["business"] * 4)), WORDS)
    assert not any(isinstance(block, Table) for block in told.sections[0].blocks)
    assert [text for text in texts(told) if "interval" in text] == [
        wording for wording in texts(told) if "90 %" in wording
    ]
    assert "Each challenge against each other" not in headings(told)


def test_a_hidden_helix_is_named_with_its_reason() -> None:
    ballots = [[1, 2, 3], [2, 1, 3]] * 6
    told = document.compose(a_snapshot(a_round(ballots, ["business"] * 12)), WORDS)
    assert "Public authorities, Academia, Civil: not shown: fewer than five" in set(texts(told))


def test_several_rounds_stand_in_sections_of_their_own() -> None:
    one, two = (a_round([[1, 2]] * 12, ["business"] * 12, title=title) for title in ("First", "Second"))
    told = document.compose(a_snapshot(one, two), WORDS)
    assert headings(told)[:2] == ["First", "Second"]
    first = told.sections[0].blocks[0]
    assert isinstance(first, Section)
    assert first.anchor == "finding-1"


def test_a_table_too_wide_for_a_page_is_left_to_the_data() -> None:
    told = document.compose(a_snapshot(a_round([list(range(1, 17))] * 12, ["business"] * 12)), WORDS)
    wide = next(section for section in told.sections if section.anchor == "head-to-head")
    assert isinstance(wide.blocks[0], Paragraph)


def test_addresses_become_absolute_for_files_only() -> None:
    told = document.compose(a_snapshot(), WORDS)
    assert told.facts.items[0].url == "/groups/g/"
    assert document.absolute(told, "https://portal.example").facts.items[0].url == "https://portal.example/groups/g/"


def test_a_citation_names_group_year_edition_and_address() -> None:
    expected = "Group (2023). Title. Edition 1. Portal. https://portal.example/outcomes/x/v1/"
    assert imprint.citation(a_snapshot(), WORDS) == expected


def test_csv_and_json_are_the_same_each_time_and_read_back() -> None:
    snapshot = a_snapshot(a_round([[1, 2], [2, 1], [1, 2]] * 6, ["business"] * 18))
    assert tables.to_csv(snapshot) == tables.to_csv(json.loads(json.dumps(snapshot)))
    assert tables.to_json(snapshot) == tables.to_json(dict(reversed(snapshot.items())))
    assert json.loads(tables.to_json(snapshot)) == json.loads(json.dumps({"dictionary": DICTIONARY, **snapshot}))
    rows = list(csv.DictReader(io.StringIO(tables.to_csv(snapshot).decode(), newline="")))
    found = {(row["item"], row["against"], row["measure"]): row["value"] for row in rows if not row["helix"]}
    assert found["Option 0", "Option 1", "preferred"] == "12"
    assert found["", "", "ballots"] == "18"


def test_withheld_figures_have_no_row() -> None:
    rows = tables.to_csv(a_snapshot(a_round([[1, 2]] * 6, ["business"] * 6))).decode()
    assert "mean_rank" not in rows
    assert "preferred" not in rows


PLAIN = Document("T", "", "", "", "en", (), (), Facts((Fact("L", "V", "https://a.example"),)))


def test_html_escapes_what_is_no_markdown() -> None:
    table = Table("<c>", (Column("<a>"), Column("n", "end")), (("<x>", "1"),), "<note>")
    told = replace(PLAIN, sections=(Section("s", "<h>", (Paragraph("<p>"), Prose("*m*"), table)),))
    written = html.write(told)
    assert [f"&lt;{part}&gt;" in written for part in ("c", "a", "x", "note", "h", "p")] == [True] * 6
    assert "<p><em>m</em></p>" in written


def test_the_same_document_gives_the_same_pdf() -> None:
    assert pdf.write(PLAIN, when=WHEN).content == pdf.write(PLAIN, when=WHEN).content


def test_many_scripts_at_once_are_replaced_within_the_retries() -> None:
    odd = "漢 か 한 ا ש ก ა ሀ 😀 ⠿ \U0001f9ff"
    told = replace(PLAIN, title="Plain – title €", sections=(Section("s", "Heading", (Paragraph(odd),)),))
    printed = pdf.write(told, when=WHEN)
    assert set("漢か한") <= set(printed.replaced)
    assert printed.replaced["漢"] == ["Heading"]
    assert not set(printed.replaced) & set("–€")


def test_a_file_is_stored_once_under_its_hash(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    sha256 = files.store(b"content")
    assert sha256 == hashlib.sha256(b"content").hexdigest()
    place = files.path_of(sha256)
    before = place.stat().st_mtime_ns
    assert (files.store(b"content"), place.stat().st_mtime_ns) == (sha256, before)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256]


def test_a_write_that_breaks_leaves_no_file(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.store(b"content")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_minutes_keep_their_headings_and_tables() -> None:
    table_text = "| Who | What |\n|-----|:----:|\n| Ada | **ports** |\n| Ben |"
    source = f"Before.\n\n## Who *does* what\n\nIn short:\n\n{table_text}\n\nAfter."
    first, section = written.blocks(source, "m", "What was said")
    assert first == Prose("Before.")
    assert isinstance(section, Section)
    assert (section.anchor, section.heading) == ("m-1", "Who does what")
    table = Table("Who does what", (Column("Who"), Column("What")), (("Ada", "ports"), ("Ben", "")))
    assert section.blocks == (Prose("In short:"), table, Prose("After."))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Before.\n\n***\n\nAfter.", [Prose("Before.\n\n\n\nAfter.")]),
        ("Title\n=====\nText.", [Section("m-1", "Title", (Prose("Text."),))]),
        ("Before.\r\n\r\nTitle\r\n---\r\n\r\nText.", [Prose("Before."), Section("m-1", "Title", (Prose("Text."),))]),
        ("Before.\r\r***", [Prose("Before.")]),
        ("- one\n---", [Prose("- one")]),
        ("one\ntwo\n---", [Prose("one\ntwo")]),
        ("#5 is no heading", [Prose("#5 is no heading")]),
        ("", []),
    ],
)
def test_underlined_words_are_headings_and_rules_are_left_out(source: str, expected: list[Any]) -> None:
    assert list(written.blocks(source, "m", "What was said")) == expected


def test_numbers_of_a_written_table_stand_at_the_end_of_their_column() -> None:
    (table,) = written.blocks("|a|EUR|c|\n|---:|--:|:-:|\n|x|1,250|y|\n|z|3|", "m", "T")
    assert table == Table("T", (Column("a"), Column("EUR", "end"), Column("c")), (("x", "1,250", "y"), ("z", "3", "")))
    (table,) = written.blocks(f"|a|b|\n|---|--:|\n|x|{'long ' * 9}|", "m", "T")
    assert isinstance(table, Table)
    assert table.columns == (Column("a"), Column("b"))


def test_prose_of_editors_has_headings_in_its_own_language() -> None:
    prose_of_editors = {"plain_summary": "Εισαγωγή.\n\n## Στόχοι\n\nΈνα.", "next_steps": "", "language": "el"}
    told = document.compose(a_snapshot(**prose_of_editors), WORDS)
    inner = Section("plain-1", "Στόχοι", (Prose("Ένα.", "el"),), "el")
    assert told.sections[0] == Section("plain", "In plain words", (Prose("Εισαγωγή.", "el"), inner))
    assert '<section class="stack" aria-labelledby="plain-1" lang="el">' in html.write(told)
    printed = pypdf.PdfReader(io.BytesIO(pdf.write(told, when=WHEN).content))
    assert str(printed.outline[1][0].title) == "Στόχοι"  # type: ignore[union-attr]


NOTHING_DONE: dict[str, Any] = dict.fromkeys(
    ("aims", "members", "countries", "meetings", "attendance", "rounds", "decisions", "actions", "outcomes"), ()
)
NEW_GROUP = NOTHING_DONE | {"name": "Group", "address": "/groups/g/", "period": None, "focus": None, "contact": "",
                            "summary": "", "next_meetings": ()}  # fmt: skip


def test_of_what_there_is_none_a_leaflet_has_no_heading_and_a_half_year_no_share() -> None:
    assert list(leaflet_sections.sections(NEW_GROUP, WORDS, key="")) == []
    numbers = next(group_sections.sections(NEW_GROUP, {}, WORDS, key="")).blocks[0]
    assert isinstance(numbers, Facts)
    assert ("Actions done" in [fact.label for fact in numbers.items], len(numbers.items)) == (False, 5)


def test_the_contact_of_a_leaflet_is_a_link() -> None:
    (section,) = leaflet_sections.sections(NEW_GROUP | {"contact": "office@example.org"}, WORDS, key="")
    assert section.blocks == (Facts((Fact("Contact", "office@example.org", "mailto:office@example.org"),)),)


def test_a_leaflet_names_each_challenge_in_focus_beside_its_place() -> None:
    entries = [{"title": "Capacity", "place": "1"}, {"title": "Funding", "place": "2="}]
    (section,) = leaflet_sections.sections(NEW_GROUP | {"focus": {"entries": entries}}, WORDS, key="")
    assert section.blocks == (Facts((Fact("1", "Capacity"), Fact("2=", "Funding"))),)
