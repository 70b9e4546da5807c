"""Makes many times the demo's content, so that growth can be measured: copies made by the database itself.

Copies are no deeds: they bypass the actions and have no history. What tells them apart is the number in their address,
and words of their own, so that a search does not find all of them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction

from challenges.models import Challenge
from history.actions import move_content_version
from meetings.models import Meeting
from outcomes.models import Edition, EditionFile, Publication

SYLLABLES = ("ba", "den", "fo", "gir", "hul", "ka", "lem", "mo", "nis", "po", "rat", "su", "tol", "ve", "wan", "zi")
WORDS = [first + second + third for first in SYLLABLES for second in SYLLABLES[::4] for third in SYLLABLES[1::4]]
MARK = "-copy-"


@transaction.atomic
def multiply(times: int) -> dict[str, int]:
    """Bring the demo's content to `times` its size; return how many records of each kind were new. Safe to repeat."""
    numbers = (_made() + 1, times)
    counts = {
        "copies of challenges": _copy_slugged(Challenge, numbers, _words_in("title"), "old.parent_id IS NULL"),
        "copies of meetings": _copy_slugged(
            Meeting, numbers, _words_in("title", "summary") | {"uid": "gen_random_uuid()", "series_id": "NULL"}
        ),
        "copies of outcomes": _copy_outcomes(numbers),
    }
    move_content_version()
    return counts


def _copy_outcomes(numbers: tuple[int, int]) -> int:
    """Publications in print, each with its published edition and files; rounds have one publication only."""
    in_print = "EXISTS (SELECT FROM outcomes_edition e WHERE e.publication_id = old.id AND e.state = 'published')"
    made = _copy_slugged(Publication, numbers, {"round_id": "NULL"}, in_print)
    if not made:
        return 0
    for name in ("groups", "topics", "regions"):
        through = getattr(Publication, name).through
        _insert(through, numbers, {"publication_id": _twin("outcomes_publication", "old.publication_id")})
    own = {"publication_id": _twin("outcomes_publication", "old.publication_id"), "version": "1", "state": "'approved'"}
    own |= _words_in("title", "abstract") | {"text": _some_words(20)}
    _insert(Edition, numbers, own, "old.state = 'published'")
    of_twin = "(SELECT e.id FROM outcomes_edition e WHERE e.publication_id = {})"
    publication = _twin(
        "outcomes_publication", "(SELECT publication_id FROM outcomes_edition WHERE id = old.edition_id)"
    )
    in_print = "EXISTS (SELECT FROM outcomes_edition e WHERE e.id = old.edition_id AND e.state = 'published')"
    _insert(EditionFile, numbers, {"edition_id": of_twin.format(publication)}, in_print)
    Edition.objects.filter(publication__slug__contains=MARK, state="approved").update(state="published")
    return made


def _made() -> int:
    """Up to which number there are copies; 1 for none."""
    slugs = Meeting.objects.filter(slug__contains=MARK).values_list("slug", flat=True)
    return max((int(slug.rpartition("-")[2]) for slug in slugs), default=1)


def _copy_slugged(
    model: type[models.Model], numbers: tuple[int, int], own: Mapping[str, str], only: str = "TRUE"
) -> int:
    original = f"old.slug NOT LIKE '%%{MARK}%%' AND {only}"
    return _insert(model, numbers, {"slug": f"left(old.slug, 60) || '{MARK}' || k", **own}, original)


def _insert(model: type[models.Model], numbers: tuple[int, int], own: Mapping[str, str], only: str = "TRUE") -> int:
    """Insert a copy of each row for each number `k`; `own` are SQL expressions by column. What exists is left."""
    fields: list[Any] = [field for field in model._meta.local_concrete_fields if not field.generated]  # noqa: SLF001 - documented
    columns = [field.column for field in fields if not field.primary_key]
    values = [own.get(column, f"old.{column}") for column in columns]
    table = model._meta.db_table  # noqa: SLF001 - documented
    needed = [expression for column, expression in own.items() if column.endswith("_id") and expression != "NULL"]
    found = " AND ".join([only, *(f"{expression} IS NOT NULL" for expression in needed)])
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "  # noqa: S608 - names of ours only
        f"FROM {table} AS old CROSS JOIN generate_series(%(first)s, %(last)s) AS k WHERE {found} ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute(statement, {"first": numbers[0], "last": numbers[1], "words": WORDS})
        return int(cursor.rowcount)


def _twin(table: str, original: str) -> str:
    """The id of copy `k` of a row."""
    return (
        f"(SELECT n.id FROM {table} n JOIN {table} o ON n.slug = left(o.slug, 60) || '{MARK}' || k "  # noqa: S608 - names of ours
        f"WHERE o.id = {original})"
    )


def _words_in(*columns: str) -> dict[str, str]:
    return {column: f"left(old.{column}, 120) || ' ' || {_some_words(3)}" for column in columns}


def _some_words(number: int) -> str:
    """So many words, picked by the copy's number."""
    picked = f"(%(words)s::text[])[1 + abs(hashtext(k::text || '-' || old.id || '-' || i)) %% {len(WORDS)}]"
    return f"(SELECT string_agg({picked}, ' ') FROM generate_series(1, {number}) AS i)"  # noqa: S608 - numbers of ours
