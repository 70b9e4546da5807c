"""What changed between two texts, and Markdown with headings."""

import pytest

from history.prose import to_article
from meetings.differences import between


def told(before: str, after: str) -> list[str]:
    """Each paragraph as one line: "= same", "+ added", "- removed", "~ words [-old-]{+new+}"."""
    marks = {"same": "=", "added": "+", "removed": "-", "changed": "~"}
    words = {"same": "%s", "added": "{+%s+}", "removed": "[-%s-]", "changed": "%s"}
    return [
        f"{marks[change.kind]} "
        + "".join((words[part.kind] if change.kind == "changed" else "%s") % part.text for part in change.parts)
        for change in between(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("One.\n\nTwo.", "One.\n\nTwo.", ["= One.", "= Two."]),
        ("One.", "One.\n\nTwo.", ["= One.", "+ Two."]),
        ("One.\n\nTwo.", "Two.", ["- One.", "= Two."]),
        ("We met ten people.", "We met twelve people.", ["~ We met [-ten-]{+twelve+} people."]),
        ("- one\n- two", "- one\n- three", ["= - one", "- - two", "+ - three"]),
        (
            "The first.\n\nSomething else.",
            "New here now.\n\nThe first!",
            ["+ New here now.", "~ The first[-.-]{+!+}", "- Something else."],
        ),
        ("a\r\nb", "a\nb", ["= a\nb"]),
        ("", "", []),
    ],
)
def test_differences_are_told_by_paragraph_and_by_word(before: str, after: str, changes: list[str]) -> None:
    assert told(before, after) == changes


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# One\n## Two\n### Three", "<h3>One</h3>\n<h3>Two</h3>\n<h4>Three</h4>"),
        ("###### Six", "<h6>Six</h6>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("`code`", "<p>`code`</p>"),
    ],
)
def test_an_article_has_headings_below_those_of_its_page(source: str, expected: str) -> None:
    assert to_article(source) == expected


def test_an_article_may_have_a_table() -> None:
    assert "<td>2</td>" in to_article("| a | b |\n|---|---|\n| 1 | 2 |")
