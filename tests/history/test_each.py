"""What the clock does to many rows, each alone."""

import logging

import pytest
from django.contrib.contenttypes.models import ContentType

from history.each import each_alone

pytestmark = pytest.mark.django_db


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[int, bool]]:
    return [(record.levelno, bool(record.exc_info)) for record in caplog.records]


def test_what_fails_is_logged_and_the_next_one_follows(caplog: pytest.LogCaptureFixture) -> None:
    assert each_alone([1, 0, 2], lambda number: 2 // number) == 3
    assert logged(caplog) == [(logging.ERROR, True)]
    assert "for 0, the others go on" in caplog.text


def test_what_is_refused_is_logged_by_its_sentence_only(caplog: pytest.LogCaptureFixture) -> None:
    assert each_alone(["1", "x", "2"], int, refusal=ValueError) == 3
    assert logged(caplog) == [(logging.WARNING, False)]
    assert caplog.messages == ["'x' is kept back: invalid literal for int() with base 10: 'x'"]


@pytest.mark.parametrize("refusal", [(), LookupError])
def test_what_a_failing_row_wrote_is_taken_back(refusal: type[Exception] | tuple[()]) -> None:
    def write(name: str) -> int:
        ContentType.objects.create(app_label="rows", model=name)
        return {"first": 1, "third": 1}[name]

    assert each_alone(["first", "second", "third"], write, refusal=refusal) == 2
    kept = ContentType.objects.filter(app_label="rows").order_by("pk").values_list("model", flat=True)
    assert list(kept) == ["first", "third"]
