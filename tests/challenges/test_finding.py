"""The headline is never stronger than the ballots."""

import pytest
from django.template.loader import render_to_string

from challenges.disclosure.finding import Finding, Kind, finding
from tests.challenges.rounds import Ballots, helices_of, published

CLEAR = [[1, 2, 3, 4]]


def of(ballots: Ballots, **more: object) -> Finding:
    return finding(published(ballots, **more))  # type: ignore[arg-type]


def headline(found: Finding) -> str:
    return render_to_string("challenges/_finding.html", {"finding": found}).strip()


CASES = {
    "few": (CLEAR * 4, Kind.WITHHELD, (), (), "No result: fewer than five ballots"),
    "no opinions": ([[-1, -1]] * 6, Kind.NO_OPINIONS, (), (), "No result: fewer than five ballots hold an opinion"),
    "none": ([], Kind.WITHHELD, (), (), "No result: fewer than five ballots"),
    "single": ([[1]] * 6, Kind.SINGLE, ("A",), (), "A is the only option with a result"),
    "level": (
        [[1, 2, 3], [2, 3, 1], [3, 1, 2]] * 4,
        Kind.LEVEL,
        ("A", "B", "C"),
        (),
        "The ballots do not settle the order of the options",
    ),
    "first of two": ([[1, 2]] * 7, Kind.FIRST_ALONE, ("A",), ("B",), "A comes first, then B"),
    "first, then one": (CLEAR * 7, Kind.FIRST_ALONE, ("A",), ("B",), "A comes first, then B"),
    "first, then two": (
        [[1, 2, 2, 0]] * 7,
        Kind.FIRST_ALONE,
        ("A",),
        ("B", "C"),
        "A comes first; B and C follow together",
    ),
    "first, then three": (
        [[1, 2, 2, 2, 0]] * 7,
        Kind.FIRST_ALONE,
        ("A",),
        ("B", "C", "D"),
        "A comes first; B, C and D follow together",
    ),
    "first, then all": ([[1, 0, 0, 0]] * 7, Kind.FIRST_ALONE, ("A",), (), "A comes first"),
    "first, then many": ([[1, 2, 2, 2, 2, 0]] * 7, Kind.FIRST_ALONE, ("A",), (), "A comes first"),
    "two share": ([[1, 1, 2, 3]] * 7, Kind.SHARED_FIRST, ("A", "B"), (), "A and B share the first place"),
    "three share": (
        [[1, 1, 1, 3]] * 7,
        Kind.SHARED_FIRST,
        ("A", "B", "C"),
        (),
        "A, B and C share the first place",
    ),
    "four share": (
        [[1, 1, 1, 1, 0]] * 7,
        Kind.SHARED_FIRST,
        ("A", "B", "C", "D"),
        (),
        "4 options share the first place",
    ),
    "two lead": (
        [[1, 2, 3]] * 6 + [[2, 1, 3]] * 5,
        Kind.TOP_TIER,
        ("A", "B"),
        (),
        "A and B lead; which of them is first the ballots do not tell",
    ),
    "three lead": (
        [[1, 2, 3, 0]] * 5 + [[2, 3, 1, 0]] * 4 + [[3, 1, 2, 0]] * 4,
        Kind.TOP_TIER,
        ("A", "B", "C"),
        (),
        "A, B and C lead; which of them is first the ballots do not tell",
    ),
    "four lead": (
        [[1, 2, 3, 4, 0]] * 3 + [[2, 3, 4, 1, 0]] * 3 + [[3, 4, 1, 2, 0]] * 3 + [[4, 1, 2, 3, 0]] * 2,
        Kind.TOP_TIER,
        ("A", "B", "C", "D"),
        (),
        "4 options lead; which of them is first the ballots do not tell",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_headline_says_what_the_ballots_say(name: str) -> None:
    ballots, kind, first, second, sentence = CASES[name]
    found = of(ballots)
    assert (found.kind, tuple(sorted(found.first)), found.second) == (kind, first, second)
    if kind is not Kind.TOP_TIER:
        assert headline(found) == sentence


@pytest.mark.parametrize("name", ["two lead", "three lead", "four lead"])
def test_leaders_that_are_not_told_apart_stand_in_the_order_of_the_result(name: str) -> None:
    sentence = headline(of(CASES[name][0]))
    assert sentence.endswith(" lead; which of them is first the ballots do not tell")


def test_titles_are_text_in_the_page_and_plain_in_a_letter() -> None:
    found = Finding(Kind.FIRST_ALONE, ("R&D <b>",), ("Law",), 12, 20, False, (), False, (), ())
    assert headline(found) == "R&amp;D &lt;b&gt; comes first, then Law"
    assert render_to_string("challenges/finding.txt", {"finding": found}).strip() == "R&D <b> comes first, then Law"


def test_few_ballots_are_named() -> None:
    found = of(CLEAR * 7)
    assert (found.few, found.ballots, found.electors, of(CLEAR * 10).few) == (True, 7, 7, False)


def test_methods_that_would_change_the_top_three_are_named() -> None:
    """Schulze follows the majority, points follow the few who put D far down and E high."""
    ballots = [[1, 2, 3, 4, 5]] * 6 + [[0, 3, 0, 2, 1]] * 5
    assert of(ballots).other_methods == ("borda",)


def test_another_weight_of_the_helices_is_named() -> None:
    ballots = [[1, 2, 3]] * 20 + [[3, 1, 2]] * 8 + [[2, 1, 3]] * 5
    helices = helices_of(government=20, business=8, academia=5)
    assert of(ballots, helices=helices).other_weights is True
    assert of(ballots).other_weights is False


def test_a_minoritys_first_is_named() -> None:
    ballots = [[1, 2, 0]] * 9 + [[0, 0, 1]] * 3
    assert of(ballots).minority_firsts == ("C",)


def test_an_option_without_five_opinions_is_named_as_withheld() -> None:
    found = of([[1, 2, -1]] * 8)
    assert (found.kind, found.withheld) == (Kind.FIRST_ALONE, ("C",))


def test_the_notes_say_each_caveat_once() -> None:
    found = Finding(Kind.FIRST_ALONE, ("A",), (), 8, 20, True, ("borda",), True, ("C",), ("D",))
    text = " ".join(render_to_string("challenges/_finding_notes.html", {"finding": found}).split())
    assert text == (
        '<p class="lede">8 of 20 members voted. With fewer than ten ballots only the order is published.</p> '
        "<p>Another method of counting would change the top three; see below.</p> "
        "<p>When every helix weighs the same, the first tier is another; see below.</p> "
        "<p>A minority’s first: at least one ballot in five puts “C” first, yet it ends in the lowest tier.</p> "
        "<p>Not published, because fewer than five ballots hold an opinion on it: D</p>"
    )


LONG = "Building administrative capacity for interregional cooperation in less developed regions of the Union " * 2


@pytest.mark.parametrize(
    ("kind", "first", "sentence"),
    [
        (Kind.FIRST_ALONE, ("Capacity",), "Capacity comes first, then Funding"),
        (Kind.FIRST_ALONE, (LONG,), LONG[:89] + "… comes first"),
        (Kind.SINGLE, (LONG,), LONG[:89] + "… is the only option with a result"),
        (Kind.SHARED_FIRST, (LONG, "B"), "Two share the first place"),
        (Kind.TOP_TIER, (LONG, "B", "C"), "Three lead; which is first the ballots do not tell"),
        (Kind.SHARED_FIRST, (LONG, "B", "C"), "Three share the first place"),
        (Kind.SHARED_FIRST, (LONG, "B", "C", "D"), "4 share the first place"),
        (Kind.TOP_TIER, (LONG, "B"), "Two lead; the ballots do not tell them apart"),
        (Kind.TOP_TIER, (LONG, "B", "C", "D"), "4 lead; which is first the ballots do not tell"),
        (Kind.LEVEL, (LONG, "B"), "The ballots do not settle the order of the options"),
    ],
)
def test_a_small_figure_has_a_short_headline_that_claims_no_more(
    kind: Kind, first: tuple[str, ...], sentence: str
) -> None:
    found = Finding(kind, first, ("Funding",), 12, 20, False, (), False, (), ())
    assert render_to_string("challenges/_finding_short.html", {"finding": found}).strip() == sentence
