"""Files of ballots: what each kind says, and that a malformed one is refused with line and reason."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from challenges.files import ballot_files, preflib
from challenges.files.file_lines import BallotFile, MalformedFileError, ResultFile

HEAD = "# DATA TYPE: {kind}\n# NUMBER ALTERNATIVES: 4\n# NUMBER VOTERS: {n}\n" + "".join(
    f"# ALTERNATIVE NAME {number}: {name}\n" for number, name in enumerate("ABCD", 1)
)
OLDER = "4\n1,A\n2,B\n3,C\n4,D\n5,5,2\n3,1,2,{3,4}\n2,{4},1\n"


def orders(kind: str, *lines: str, n: int = 5) -> bytes:
    return (HEAD.format(kind=kind, n=n) + "".join(f"{line}\n" for line in lines)).encode()


def result(**changes: Any) -> dict[str, Any]:
    options = [{"index": index, "title": title, "rank": rank} for index, title, rank in ((1, "B", 1), (0, "A", 2))]
    table = {"pairwise": [[0, 4], [8, 0]], "compared": [[12, 12], [12, 12]], "complete": True}
    return {"n": 12, "options": options, "head_to_head": table, "methods": [], **changes}


@pytest.mark.parametrize(
    ("kind", "lines", "ballots"),
    [
        ("soc", ["3: 1,2,3,4", "2: 4,3,2,1"], [[1, 2, 3, 4], [4, 3, 2, 1]]),
        ("soi", ["3: 2", "2: 4, 1"], [[0, 1, 0, 0], [2, 0, 0, 1]]),
        ("toc", ["3: {1,2},{3,4}", "2: {1,2,3,4}"], [[1, 1, 2, 2], [1, 1, 1, 1]]),
        ("toi", ["3: {1, 3},2", "2: 4"], [[1, 2, 1, 0], [0, 0, 0, 1]]),
    ],
)
def test_preflib_orders_become_ranks(kind: str, lines: list[str], ballots: list[list[int]]) -> None:
    assert ballot_files.read(f"a.{kind}", orders(kind, *lines)) == BallotFile(list("ABCD"), ballots, [3, 2])


def test_the_older_form_of_preflib_is_read_too() -> None:
    expected = BallotFile(list("ABCD"), [[1, 2, 3, 3], [2, 0, 0, 1]], [3, 2])
    assert ballot_files.read("a.TOI", OLDER.replace("\n", "\r\n").encode("utf-8-sig")) == expected


def test_published_ballots_come_back_from_preflib() -> None:
    """What is not a priority stands last, what has no opinion not at all: so unranked means no opinion there."""
    ballots = [[1, 2, 0], [1, 2, 0], [2, -1, 1], [0, 0, 0]]
    text = preflib.text(ballots, ["A", "B", "Γ"], name="round-1", title="Which?")
    found = ballot_files.read(f"round-1.{preflib.suffix(ballots)}", text.encode())
    assert isinstance(found, BallotFile)
    assert sorted(zip(found.counts, found.ballots, strict=True)) == [
        (1, [1, 1, 1]), (1, [2, 0, 1]), (2, [1, 2, 3]),
    ]  # fmt: skip


def test_a_csv_holds_one_column_per_option_and_one_row_per_ballot() -> None:
    found = ballot_files.read("a.csv", b'A,"B, with comma",C\r\n1,2,\r\n\r\nx,1,1\r\n0,-1,7\r\n')
    assert found == BallotFile(["A", "B, with comma", "C"], [[1, 2, 0], [-1, 1, 1], [0, -1, 7]], [1, 1, 1])


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({"options": ["A", "B"], "ballots": [[1, None], ["x", 2]]}, ["A", "B"]),
        ({"options": [{"id": 7, "title": "A"}, {"id": 9, "title": "B"}], "ballots": [[1, 0], [-1, 2]]}, ["A", "B"]),
        ([[1, 0], [-1, 2]], ["1", "2"]),
    ],
)
def test_json_ballots_are_lists_of_ranks(given: Any, options: list[str]) -> None:
    found = ballot_files.read("a.json", json.dumps(given).encode())
    assert found == BallotFile(options, [[1, 0], [-1, 2]], [1, 1])


def test_a_published_result_is_recognised_with_or_without_its_round() -> None:
    expected = ResultFile(["A", "B"], [[0, 4], [8, 0]], "margins", 12, {"schulze": [2, 1]})
    for written in (result(), {"round": {"id": 3}, "result": result()}):
        assert ballot_files.read("a.json", json.dumps(written).encode()) == expected


def test_an_option_without_a_rank_was_not_counted() -> None:
    options = [{"index": 0, "title": "A", "rank": 1}, {"index": 1, "title": "B", "rank": None}]
    table = {"pairwise": [[0, None], [None, None]]}
    given = result(options=options, head_to_head=table, methods=[{"name": "borda", "ranks": [1, None]}])
    expected = ResultFile(["A"], [[0]], "margins", 12, {"schulze": [1], "borda": [1]})
    assert ballot_files.read("a.json", json.dumps(given).encode()) == expected


RESULT = "number,challenge,place,rank,tier,above_1,above_2\n"
WIDE = ",".join(f"c{number}" for number in range(10_000)).encode()
FAULTS: list[tuple[str, bytes, str]] = [
    # bytes
    ("a.soc", b"", "line 1: the file is empty"),
    ("a.csv", b" \n\n", "line 1: the file is empty"),
    ("a.csv", b"A,B\n1,2\n1\x00,2\n", "line 3: a NUL byte; this is no text file"),
    ("a.csv", "A,Bé\n1,2\n".encode("latin-1"), "line 1: not UTF-8 (byte 0xe9)"),
    ("a.json", "[[1]]".encode("utf-16"), "line 1: not UTF-8 (byte 0xff)"),
    # orders
    ("a.soc", b"# TITLE: a\n1: 1\n", "line 1: no line '# NUMBER ALTERNATIVES: …'"),
    ("a.soc", b"# NUMBER ALTERNATIVES: 10000\n", "line 1: 10000 options, at most 500 can be ranked"),
    ("a.soc", b"# NUMBER ALTERNATIVES: 0\n", "line 1: no options"),
    ("a.soc", b"# NUMBER ALTERNATIVES: many\n", "line 1: NUMBER ALTERNATIVES is 'many', not a whole number"),
    ("a.soc", orders("soi", "5: 1,2,3,4"), "line 1: DATA TYPE is 'soi' in a .soc file"),
    ("a.soc", orders("soc", "5: 1,2,3"), "line 8: 1 of 4 alternatives are missing in a .soc file"),
    ("a.soi", orders("soi", "5: 1,{2,3}"), "line 8: a tie in a .soi file, which holds strict orders"),
    ("a.toi", orders("toi", "4: 1", "1: 2,1,2"), "line 9: alternative 2 stands twice on one ballot"),
    ("a.toi", orders("toi", "5: 1,5"), "line 8: alternative 5 of 4"),
    ("a.toi", orders("toi", "5: 0"), "line 8: alternative 0 of 4"),
    ("a.toi", orders("toi", "5: {1,2"), "line 8: '{1,2' is no order such as 1,2,{3,4}"),
    ("a.toi", orders("toi", "5: "), "line 8: '' is no order such as 1,2,{3,4}"),
    ("a.toi", orders("toi", "5 1,2"), "line 8: '5 1,2' has no ':'"),
    ("a.toi", orders("toi", "-5: 1,2"), "line 8: the number of voters is '-5', not a whole number"),
    ("a.toi", orders("toi", "5: " + "1" * 30), f"line 8: an alternative is '{'1' * 30}', at most 1000000 is possible"),
    (
        "a.toi",
        orders("toi", "9" * 5000 + ": 1"),
        f"line 8: the number of voters is '{'9' * 40}…', at most 1000000000 is possible",
    ),
    ("a.toi", orders("toi", "3: 1"), "line 8: the ballots end here: 3 voters, but 5 announced"),
    ("a.toi", orders("toi"), "line 7: no ballot follows"),
    ("a.toi", orders("toi", "# ALTERNATIVE NAME 2: E", "5: 1"), "line 8: 'ALTERNATIVE NAME 2' is given twice"),
    ("a.toi", b"# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 3: C\n", "line 2: alternative 3 of 2"),
    (
        "a.toi",
        b"# NUMBER ALTERNATIVES: 2\n# ALTERNATIVE NAME 1: A\n# ALTERNATIVE NAME 2: A\n1: 1\n",
        "line 3: two alternatives are called 'A'",
    ),
    ("a.toi", b"3\n1,A\n", "line 2: the file ends before 3 alternatives and the number of voters"),
    ("a.toi", b"2\n1,A\n1,B\n1,1,1\n1,1\n", "line 3: alternative 2 of 2 should stand here"),
    ("a.toi", b"what\n", "line 1: the number of alternatives is 'what', not a whole number"),
    # tables
    ("a.csv", WIDE, "line 1: 10000 options, at most 500 can be ranked"),
    ("a.csv", b"A,B,A\n1,2,3\n", "line 1: two options are called 'A'"),
    ("a.csv", b"A,,C\n1,2,3\n", "line 1: option 2 has no name"),
    ("a.csv", b"A,B\n", "line 1: no ballot follows"),
    ("a.csv", b"A,B\n1,2\n1,2,3\n", "line 3: 3 cells for 2 options"),
    ("a.csv", b"A,B\n1,first\n", "line 2: 'first' for 'B' is neither a rank, nor empty, nor x"),
    ("a.csv", b"A,B\n1,-2\n", "line 2: '-2' for 'B' is neither a rank, nor empty, nor x"),
    ("a.csv", b"A,B\n1,1.5\n", "line 2: '1.5' for 'B' is neither a rank, nor empty, nor x"),
    ("a.csv", b"A,B\n1,1" + b"0" * 30, f"line 2: the rank of 'B' is '1{'0' * 30}', at most 1000000 is possible"),
    ("a.csv", b'A,B\n"1,2\n', "line 2: no CSV: unexpected end of data"),
    ("a.csv", b"A;B\n1;2\n", "line 2: '1;2' for 'A;B' is neither a rank, nor empty, nor x"),
    # JSON
    ("a.json", b'{"ballots": [[1, 2],\n [1, 2]', "line 2: no JSON: Expecting ',' delimiter"),
    ("a.json", b'"ballots"', "line 1: the file is no object"),
    ("a.json", b'{"options": ["A"]}', "line 1: 'ballots' is no list"),
    ("a.json", b'{"options": ["A", "A"], "ballots": [[1, 2]]}', "line 1: two options are called 'A'"),
    ("a.json", b'{"options": ["A", 2], "ballots": [[1, 2]]}', "line 1: '2' is no name of an option"),
    ("a.json", b'{"ballots": [[1]],\n "ballots": [[2]]}', "line 2: 'ballots' stands twice in one object"),
    ("a.json", b"[[1, 2],\n [1, 2],\n [1]]", "line 3: 1 numbers for 2 options"),
    ("a.json", b"[[1, 2],\n 7]", "line 1: a ballot is no list"),
    ("a.json", b"[[1, 2],\n [1, true]]", "line 2: 'True' for '2' is neither a rank, nor empty, nor x"),
    ("a.json", b"[[1, 2],\n [1, NaN]]", "line 2: 'NaN' for '2' is neither a rank, nor empty, nor x"),
    (
        "a.json",
        b"[[1, 2],\n [1, 1" + b"0" * 30 + b"]]",
        f"line 2: the rank of '2' is '1{'0' * 30}', at most 1000000 is possible",
    ),
    ("a.json", b"[" + b",".join([b"1"] * 10_000) + b"]", "line 1: the first ballot is no list"),
    ("a.json", b"[[" + b",".join([b"1"] * 10_000) + b"]]", "line 1: 10000 options, at most 500 can be ranked"),
    ("a.json", b"[" * 100_000, "line 1: lists in lists, too deep"),
    ("a.json", b"[]", "line 1: no ballot follows"),
    # results
    ("a.csv", b"number,challenge,place,rank\n1,A,1,1\n", "line 1: no head-to-head table: it is published from ten"),
    ("a.csv", RESULT.encode() + b"1,A,1,1,1,,\n2,B,2,2,1,4,\n", "line 2: the table withholds pairs"),
    ("a.csv", RESULT.encode() + b"1,A,1,1,1,,8\n1,B,2,2,1,4,\n", "line 3: number 1 stands twice"),
    ("a.csv", RESULT.encode() + b"1,A,1,1,1,,8\n3,B,2,2,1,4,\n", "line 1: the options should be numbered 1 to 2"),
    ("a.csv", RESULT.encode() + b"1,A,1,1,1,,8\n2,B,2,2,1,-4,\n", "line 3: above_1 is '-4', not a whole number"),
    ("a.csv", RESULT.encode(), "line 1: no options"),
    ("a.json", json.dumps(result(head_to_head=None)).encode(), "line 1: no head-to-head table"),
    ("a.json", json.dumps(result(head_to_head=[])).encode(), "line 1: 'head_to_head' is no object"),
    ("a.json", json.dumps(result(head_to_head={"pairwise": [[0]]})).encode(), "line 1: 1 rows for 2 options"),
    ("a.json", json.dumps(result(head_to_head={"pairwise": [[0, 1], [0]]})).encode(), "line 1: 1 numbers for 2"),
    ("a.json", json.dumps(result(head_to_head={"pairwise": [[0, -1], [0, 0]]})).encode(), "line 1: '-1' is no number"),
    ("a.json", json.dumps(result(head_to_head={"pairwise": [[0, 1.5], [0, 0]]})).encode(), "line 1: '1.5' is no num"),
    ("a.json", json.dumps(result(options=[{"index": 1, "rank": 1}])).encode(), "line 1: 'index' is '1', not 0 to 0"),
    ("a.json", json.dumps(result(options=[{"index": 0}] * 2)).encode(), "line 1: index 0 stands twice"),
    ("a.json", json.dumps(result(options=[])).encode(), "line 1: no options"),
    ("a.json", json.dumps(result(methods=[{"name": "borda", "ranks": [1]}])).encode(), "line 1: 1 ranks are too few"),
    ("a.json", json.dumps(result(methods=[{"name": "borda", "ranks": ["1", 2]}])).encode(), "line 1: '1' is no rank"),
    ("a.json", json.dumps(result(method={"strength": "ratio"})).encode(), "line 1: 'ratio' is no strength"),
    ("a.json", json.dumps(result(n=-1)).encode(), "line 1: 'n' is '-1', no number of ballots"),
]


@pytest.mark.parametrize(("name", "content", "message"), FAULTS, ids=[message[:60] for _, _, message in FAULTS])
def test_a_malformed_file_is_refused_with_line_and_reason(name: str, content: bytes, message: str) -> None:
    with pytest.raises(MalformedFileError) as fault:
        ballot_files.read(name, content)
    assert str(fault.value).startswith(message)


def test_a_file_too_large_to_be_ballots_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("challenges.files.file_lines.MOST_BYTES", 2**20)
    with pytest.raises(MalformedFileError, match="line 1: the file has more than 1 MB"):
        ballot_files.read("a.csv", b"A\n" + b"1\n" * 2**19)


@pytest.mark.parametrize("name", ["ballots.xlsx", "ballots", ".hidden"])
def test_an_unknown_ending_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"known are \.soc \.soi \.toc \.toi \.csv \.json"):
        ballot_files.read(name, b"A\n1\n")


def test_control_characters_of_a_fault_do_not_reach_the_terminal() -> None:
    with pytest.raises(MalformedFileError) as fault:
        ballot_files.read("a.csv", b"A\n\x1b[2J\n")
    assert str(fault.value) == "line 2: '\N{REPLACEMENT CHARACTER}[2J' for 'A' is neither a rank, nor empty, nor x"


@settings(derandomize=True, deadline=None, max_examples=150, database=None)
@given(st.sampled_from(FAULTS), st.binary(max_size=6), st.integers(0, 200), st.integers(0, 12))
def test_no_damage_to_a_file_leads_to_any_other_error(
    fault: tuple[str, bytes, str], put: bytes, at: int, cut: int
) -> None:
    name, content, _ = fault
    with suppress(MalformedFileError):
        ballot_files.read(name, content[:at] + put + content[at + cut :])
