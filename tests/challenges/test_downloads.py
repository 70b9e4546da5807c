"""The downloaded files give the published ranks again, with the project's own command and nothing else."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from challenges.models import RankingRound
from tests import factories as make

pytestmark = pytest.mark.django_db

COMPLETE = [[1, 2, 3, 0]] * 6 + [[0, 1, 1, 2]] * 5 + [[2, 3, 1, 1]] * 4
WITH_GAPS = [[1, 2, 3, 0]] * 12 + [[0, 1, 1, 2]] * 5 + [[2, -1, 1, 3]] * 4


def saved(round_: RankingRound, name: str, to: Path) -> Path:
    """Download as a browser does, under the name that the portal gives."""
    response = Client().get(reverse(f"challenges:{name}", args=[round_.pk]))
    assert response.status_code == 200
    path = to / response["Content-Disposition"].partition('filename="')[2].rstrip('"')
    path.write_bytes(response.content)
    return path


def ranked(path: Path, *more: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rank", str(path), *more, "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def published(path: Path) -> list[int]:
    options = json.loads(path.read_text())["result"]["options"]
    return [option["rank"] for option in sorted(options, key=lambda option: option["index"])]


@pytest.mark.parametrize("ballots", [COMPLETE, WITH_GAPS], ids=["complete", "with gaps"])
def test_the_table_in_the_json_gives_the_published_ranks(ballots: list[list[int]], tmp_path: Path) -> None:
    path = saved(make.published_round(make.group(), *ballots), "result_json", tmp_path)
    assert ranked(path)["ranks"] == published(path)


@pytest.mark.parametrize("policy", ["breakdown", "open_ballots"])
@pytest.mark.parametrize("ballots", [COMPLETE, WITH_GAPS], ids=["complete", "with gaps"])
def test_the_table_in_the_csv_gives_the_published_ranks(ballots: list[list[int]], policy: str, tmp_path: Path) -> None:
    round_ = make.published_round(make.group(), *ballots, policy=policy)
    path, result = (saved(round_, name, tmp_path) for name in ("result_csv", "result_json"))
    told = ranked(path)
    assert (told["kind"], told["ranks"]) == ("result", published(result))
    assert told["methods"] == ranked(result)["methods"]


def test_all_files_of_a_yes_or_no_give_the_same_lead(tmp_path: Path) -> None:
    ballots = [[1, 0]] * 7 + [[0, 1]] * 9 + [[-1, -1]] * 3
    round_ = make.published_round(make.group(), *ballots, options=[], wordings=["Yes", "No"], policy="open_ballots")
    files = [saved(round_, name, tmp_path) for name in ("result_csv", "result_json")]
    assert [ranked(path)["ranks"] for path in files] == [[2, 1]] * 2
    ballots_of = saved(round_, "ballots_file", tmp_path)
    told = ranked(ballots_of, "--unranked", "absent")
    assert (told["n"], told["ranks"]) == (16, [2, 1])


@pytest.mark.parametrize(
    ("ballots", "suffix"), [(COMPLETE, ".toc"), (WITH_GAPS, ".toi")], ids=["complete", "with gaps"]
)
def test_open_ballots_give_the_published_ranks(ballots: list[list[int]], suffix: str, tmp_path: Path) -> None:
    round_ = make.published_round(make.group(), *ballots, policy="open_ballots")
    result, file = saved(round_, "result_json", tmp_path), saved(round_, "ballots_file", tmp_path)
    assert (file.suffix, ranked(file, "--unranked", "absent")["ranks"]) == (suffix, published(result))


def test_a_changed_rank_in_the_file_is_noticed(tmp_path: Path) -> None:
    path = saved(make.published_round(make.group(), *COMPLETE), "result_json", tmp_path)
    told = json.loads(path.read_text())
    first, second = told["result"]["options"][:2]
    first["rank"], second["rank"] = second["rank"], first["rank"]
    path.write_text(json.dumps(told))
    with pytest.raises(CommandError, match="other ranks were published by schulze"):
        ranked(path)
