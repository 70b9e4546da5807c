"""Citations: each format is read back by a program that others use, whatever the title holds."""

import io
import json
from typing import Any

import bibtexparser.middlewares as reading
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citeproc.source.json import CiteProcJSON

from outcomes import citations
from tests.outcomes.told import a_snapshot

ODD = r"50 % of {Kainuu} & Łódź: \cost_x^2 ~ $5 #1"
ABSTRACT = "First line.\nER  - \nSecond: Ελλάδα."


@pytest.fixture
def cited() -> citations.Citation:
    snapshot = a_snapshot(title=ODD, abstract=ABSTRACT, version=2)
    snapshot["publication"]["topics"] = [{"title": "Capacity", "address": "/c/"}]
    snapshot["publication"]["groups"].append({"name": "Industry and Ports", "address": "/groups/p/", "aims": []})
    return citations.of(snapshot)


def bibtex(cited: citations.Citation) -> Any:
    text = citations.to_bibtex(cited).decode()
    return parse_string(text, append_middleware=[reading.SeparateCoAuthors()])


def test_bibtex_is_read_back(cited: citations.Citation) -> None:
    library = bibtex(cited)
    (entry,) = library.entries
    assert (library.failed_blocks, entry.key, entry.entry_type) == ([], "s3cop-x-v2", "techreport")
    assert entry["author"] == ["{Group}", "{Industry and Ports}"]
    assert (entry["year"], entry["month"], entry["edition"]) == ("2023", "7", "2")
    assert entry["url"] == "https://portal.example/outcomes/x/v1/"


def test_bibtex_gives_back_every_odd_character(cited: citations.Citation) -> None:
    text = citations.to_bibtex(cited).decode()
    (entry,) = parse_string(text, append_middleware=[reading.LatexDecodingMiddleware()]).entries
    assert entry["title"].strip("{}").replace("ˆ", "^") == ODD  # the reader has its own sign for \\textasciicircum


def test_ris_is_read_back_and_no_line_of_the_abstract_ends_the_record(cited: citations.Citation) -> None:
    content = citations.to_ris(cited)
    assert content.endswith(b"ER  - \r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    (record,) = rispy.load(io.StringIO(content.decode()))
    assert (record["type_of_reference"], record["id"], record["title"]) == ("RPRT", "s3cop-x-v2", ODD)
    assert record["authors"] == ["Group", "Industry and Ports"]
    assert (record["year"], record["date"], record["keywords"]) == ("2023", "2023/07/14", ["Capacity"])
    assert record["abstract"] == "First line. ER - Second: Ελλάδα."


def test_csl_json_is_read_back(cited: citations.Citation) -> None:
    (item,) = json.loads(citations.to_csl(cited))
    read = CiteProcJSON([item])["s3cop-x-v2"]
    assert (item["title"], item["type"], read.type) == (ODD, "report", "report")
    assert [author["literal"] for author in item["author"]] == ["Group", "Industry and Ports"]
    assert read.issued.year == 2023


def test_what_is_unknown_is_left_out(cited: citations.Citation) -> None:
    assert b"doi" not in citations.to_bibtex(cited)
    assert b"DO  - " not in citations.to_ris(cited)
    assert "DOI" not in json.loads(citations.to_csl(cited))[0]
