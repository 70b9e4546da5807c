"""`manage.py rank`: the same ranks as the count, published tables recomputed, one line for a fault, and no database."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from challenges import tally
from challenges.count import counting, methods
from challenges.disclosure.published import Published
from challenges.files import downloads
from challenges.management.commands.rank import Command
from tests.challenges.rounds import published

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
SYNTHETIC = DATA / "synthetic-helix-2.json"
BALLOTS: list[list[int]] = json.loads(SYNTHETIC.read_text())["ballots"]
KNOWN = [[1, 2, 3, 0], [2, 1, 3, 4], [1, 3, 2, 0], [3, 1, 1, 2]] * 4


def rank(path: Path, *options: str) -> str:
    out = io.StringIO()
    call_command("rank", str(path), *options, stdout=out)
    return out.getvalue()


def machine(path: Path, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rank(path, "--json", *options))
    return found


@pytest.fixture
def soi(tmp_path: Path) -> Path:
    path = tmp_path / "votes.soi"
    path.write_text("# NUMBER ALTERNATIVES: 3\n# ALTERNATIVE NAME 2: Beta\n5: 1,2\n4: 2\n2: 3,2\n")
    return path


@pytest.mark.parametrize("method", methods.METHODS)
def test_ballots_are_ranked_as_by_the_count(method: str) -> None:
    expected = tally.aggregate(BALLOTS, method)
    found = machine(SYNTHETIC, "--method", method)
    assert (found["kind"], found["method"], found["n"]) == ("ballots", method, len(BALLOTS))
    assert found["ranks"] == expected.ranks.tolist()
    assert found["pairwise"] == expected.pairwise.tolist()
    assert found["cost"] == expected.cost


def test_every_key_of_the_answer_stays(soi: Path) -> None:
    assert machine(soi) == {
        "file": str(soi), "kind": "ballots", "method": "schulze", "strength": "margins", "unranked": "below", "n": 11,
        "options": ["1", "Beta", "3"], "ranks": [2, 1, 3], "scores": None, "best_worst": None, "interval": None,
        "p_above": None, "pairwise": [[0, 5, 5], [6, 0, 9], [2, 2, 0]],
        "compared": [[0, 11, 11], [11, 0, 11], [11, 11, 0]], "cost": None, "condorcet": 1,
        "agreement": pytest.approx(tally.aggregate([[1, 2, 0]] * 5 + [[0, 1, 0]] * 4 + [[0, 2, 1]] * 2).agreement),
        "resamples": 0,
    }  # fmt: skip


def test_the_table_for_people(soi: Path) -> None:
    assert rank(soi) == (
        "11 ballots on 3 options, by schulze on margins; unranked means not a priority\n"
        "\n"
        "place  option\n"
        "1      Beta\n"
        "2      1\n"
        "3      3\n"
        "\n"
        "Wins every majority: Beta.\n"
        "Agreement (Kendall's W): 0.19.\n"
    )


def test_unranked_may_be_read_as_no_opinion(soi: Path) -> None:
    expected = tally.aggregate([[1, 2, -1]] * 5 + [[-1, 1, -1]] * 4 + [[-1, 2, 1]] * 2)
    found = machine(soi, "--unranked", "absent")
    assert found["pairwise"] == expected.pairwise.tolist()
    assert found["ranks"] == expected.ranks.tolist() == [1, 3, 1]
    assert rank(soi, "--unranked", "absent").splitlines()[2:6] == [
        "place  option",
        "1=     1",
        "1=     3",
        "3      Beta",
    ]


def test_intervals_come_with_resamples(soi: Path) -> None:
    rows = [[1, 2, 0]] * 5 + [[0, 1, 0]] * 4 + [[0, 2, 1]] * 2
    expected = tally.aggregate(rows, resamples=50)
    assert expected.interval is not None
    assert machine(soi, "--resamples", "50")["interval"] == expected.interval.tolist()
    assert "90 % interval" in rank(soi, "--resamples", "50")


def result_files(shown: Published, folder: Path) -> list[Path]:
    as_json, as_csv = folder / "result.json", folder / "result.csv"
    as_json.write_text(json.dumps({"round": {"id": 7}, "result": shown.as_json()}, indent=1))
    with as_csv.open("w", newline="") as file:
        csv.writer(file).writerows(downloads.as_rows(shown))
    return [as_json, as_csv]


def test_a_published_result_recomputes_to_its_ranks_by_every_method(tmp_path: Path) -> None:
    shown = published(KNOWN)
    at = {option.index: option.rank for option in shown.options}
    for path in result_files(shown, tmp_path):
        found = machine(path)
        assert found["kind"] == "result"
        assert found["ranks"] == found["methods"]["schulze"] == [at[index] for index in range(4)]
        for method in shown.methods:
            assert found["methods"][method.name] == list(method.ranks)
        assert list(found["methods"]) == ["schulze", "schulze_winning", "borda", "copeland", "kemeny", "ranked_pairs"]
        assert set(found["agrees"].values()) == {True}
    assert len(machine(tmp_path / "result.json")["agrees"]) == 6


def test_the_strength_of_the_round_decides(tmp_path: Path) -> None:
    found = machine(result_files(published(KNOWN, strength="winning"), tmp_path)[0])
    assert found["strength"] == "winning"
    assert list(found["methods"])[:2] == ["schulze", "schulze_margins"]


def test_an_option_too_few_had_an_opinion_on_is_left_out(tmp_path: Path) -> None:
    rows = [[1, 2, 3, -1]] * 12 + [[2, 1, 3, 1]] * 3
    for path in result_files(published(rows), tmp_path):
        assert machine(path)["options"] == ["A", "B", "C"]


def test_a_table_by_one_method(tmp_path: Path) -> None:
    path = result_files(published(KNOWN), tmp_path)[0]
    assert rank(path, "--method", "borda").splitlines() == [
        "The head-to-head table of 4 options, counted again on margins",
        "",
        "option  borda",
        "B       1",
        "A       2",
        "C       3",
        "D       4",
        "",
        "As published: borda.",
    ]


def test_ranks_that_do_not_follow_from_the_table_are_named(tmp_path: Path) -> None:
    shown = published(KNOWN).as_json()
    for option in shown["options"]:
        option["rank"] = 5 - option["rank"]
    path = tmp_path / "forged.json"
    path.write_text(json.dumps({"result": shown}))
    with pytest.raises(CommandError, match=r"forged\.json: other ranks were published by schulze"):
        rank(path)


def test_the_rounds_below_ten_ballots_cannot_be_recomputed(tmp_path: Path) -> None:
    for path in result_files(published(KNOWN[:9]), tmp_path):
        with pytest.raises(CommandError, match=r"line [0-9]+: no head-to-head table: it is published from ten ballots"):
            rank(path)


def test_a_table_holds_no_ballots_to_draw(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--resamples needs ballots"):
        rank(result_files(published(KNOWN), tmp_path)[0], "--resamples", "10")


@pytest.mark.parametrize(
    ("resamples", "message"), [("-1", "resamples: negative"), ("99999999", "--resamples: at most 11111111 for 3 opt")]
)
def test_impossible_resamples_are_named(soi: Path, resamples: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        rank(soi, "--resamples", resamples)


def test_a_circle_too_hard_for_kemeny_is_a_note_in_a_table_and_a_fault_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("challenges.count.kemeny.LARGEST_BY_PROGRAMME", 18)
    rows = [[(place + turn) % 19 + 1 for place in range(19)] for turn in range(19)]
    path = result_files(published(rows, resamples=5), tmp_path)[0]
    assert "kemeny: 19 options in one circle of majorities, at most 18 can be solved" in rank(path)
    with pytest.raises(CommandError, match="kemeny: 19 options"):
        rank(path, "--method", "kemeny")


def test_names_cannot_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"options": ["\x1b[2J", "\ud800"], "ballots": [[1, 2]]}))
    lines = rank(path).splitlines()
    assert lines[3:5] == ["1      \N{REPLACEMENT CHARACTER}[2J", "2      \N{REPLACEMENT CHARACTER}"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", "rank", *arguments],
        cwd=ROOT, env=inherited | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_no_database_is_touched(soi: Path) -> None:
    found = run(str(soi), DATABASE_URL="postgres://nobody:wrong@127.0.0.1:1/none")
    assert (found.returncode, found.stdout, found.stderr) == (0, rank(soi), "")


def test_no_database_is_started_and_an_old_terminal_gets_what_it_can_show(tmp_path: Path) -> None:
    path, home = tmp_path / "a.csv", tmp_path / "home"
    path.write_text("Ικανότητα\n1\n", encoding="utf-8")
    found = run(str(path), PYTHONIOENCODING="ascii", S3COP_HOME=str(home))
    assert (found.returncode, found.stdout.splitlines()[3], found.stderr) == (0, "1      ?????????", "")
    assert found.stdout == rank(path).encode("ascii", "replace").decode()
    assert not home.exists()


def test_a_fault_ends_the_process_with_exit_code_1(tmp_path: Path) -> None:
    path = tmp_path / "missing.csv"
    found = run(str(path))
    assert (found.returncode, found.stdout, found.stderr) == (
        1,
        "",
        f"CommandError: {path}: No such file or directory\n",
    )


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.csv", b"A,B\n1,1\x00\n", "line 2: a NUL byte; this is no text file"),
        ("a.toi", b"", "line 1: the file is empty"),
        ("missing.csv", None, "No such file or directory"),
        ("a.xlsx", b"PK", "unknown kind of file: known are .soc .soi .toc .toi .csv .json"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_1(
    tmp_path: Path, name: str, content: bytes | None, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit) as left:
        Command().run_from_argv(["manage.py", "rank", str(path)])
    assert (left.value.code, *capsys.readouterr()) == (1, "", f"CommandError: {path}: {line}\n")


def test_the_figures_a_round_stores_are_those_the_command_finds(tmp_path: Path) -> None:
    """From the same ballots, once through closing and publishing, once through a file."""
    path = tmp_path / "ballots.json"
    path.write_text(json.dumps(BALLOTS))
    options = [{"id": index, "title": str(index)} for index in range(len(BALLOTS[0]))]
    stored = counting.compute(
        BALLOTS, ["business"] * len(BALLOTS), {"business": 99}, options=options, rules=counting.Rules(resamples=5)
    )
    assert stored["overall"]["ranks"] == machine(path)["ranks"]
