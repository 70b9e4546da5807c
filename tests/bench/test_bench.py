"""The page of measured speeds keeps the parts that were not measured again, and a missed target is told."""

import re
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import measure, ranking, serving


def test_a_part_takes_the_place_of_its_earlier_self_only() -> None:
    one, two = "<!-- one -->\n1\n<!-- /one -->\n", "<!-- two -->\n2\n<!-- /two -->\n"
    page = bench.replaced(bench.replaced("# Head\n", "one", one), "two", two)
    assert page == f"# Head\n\n{one}\n{two}"
    again = one.replace("1", "3")
    assert bench.replaced(page, "one", again) == f"# Head\n\n{again}\n{two}"


@pytest.mark.parametrize(("target", "missed"), [(None, False), (2.0, False), (1.9, True)])
def test_a_row_misses_its_target_by_its_median(target: float | None, missed: bool) -> None:
    row = measure.Row("what", "ms", measure.spread([1, 2, 9]), measure.spread([1]), target)
    assert row.missed is missed
    assert row.cells()[:4] == ("what", "2.00 (1.00–9.00) ms", "1.00 (1.00–1.00) ms", "2.00 ×")


def test_an_unknown_part_is_named() -> None:
    with pytest.raises(SystemExit, match="unknown part: nonsense "):
        bench.main(["nonsense"])


@pytest.mark.parametrize("culture", ranking.CULTURES)
def test_measured_ballots_are_orders_and_the_same_every_time(culture: str) -> None:
    ballots = ranking.CULTURES[culture](20, 6, 3)
    assert [sorted(ballot) for ballot in ballots] == [[1, 2, 3, 4, 5, 6]] * 20
    assert ranking.CULTURES[culture](20, 6, 3) == ballots


def test_every_part_is_registered_and_documented() -> None:
    sources = {path.stem: path.read_text() for path in Path(bench.__file__).parent.glob("*.py")}
    assert {name for name, text in sources.items() if re.search(r"^def rows\(", text, re.MULTILINE)} == set(bench.PARTS)
    page = bench.PAGE.read_text()
    assert re.findall(r"^<!-- (\w+) -->\n## (.*)\n", page, re.MULTILINE) == [
        (name, bench.PARTS[name].TITLE) for name in re.findall(r"^<!-- /(\w+) -->$", page, re.MULTILINE)
    ]
    assert sorted(re.findall(r"^<!-- (\w+) -->$", page, re.MULTILINE)) == sorted(bench.PARTS)


def test_the_measured_server_is_started_as_the_image_starts_it() -> None:
    image = (measure.ROOT / "Dockerfile").read_text()
    portal = serving.command(serving.PORTAL, 8123)
    assert all(f'"{option}"' in image for option in portal[1:] if option not in {"127.0.0.1", "8123"})
    assert serving.command(serving.BARE, 8123)[4:-1] == portal[4:-1] != []
