"""What the import linter cannot see: directions of foreign keys, fixed names, stray effects, heavy imports."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver

from s3cop.api import urls

ROOT = Path(__file__).parent.parent
ROOMS = ["history", "people", "notices", "workinggroups", "meetings", "challenges", "outcomes", "s3cop"]
SOURCES = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def written_in(*words: str) -> list[Path]:
    """The sources in which any of the words stands, be it in a comment."""
    return [path for path in SOURCES if any(word in path.read_text() for word in words)]


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ROOMS]


def links() -> Iterator[tuple[type[models.Model], str, type[models.Model]]]:
    for model in our_models():
        for field in model._meta.get_fields():
            target = field.related_model
            if (
                field.is_relation
                and not field.auto_created
                and isinstance(target, type)
                and target._meta.app_label in ROOMS
            ):
                yield model, field.name, target


def test_foreign_keys_point_downward_or_to_the_person() -> None:
    """A link between two rooms is a key in the upper one; only the user is named as a string from below."""
    upward = [
        f"{model.__name__}.{name} -> {target.__name__}"
        for model, name, target in links()
        if ROOMS.index(target._meta.app_label) > ROOMS.index(model._meta.app_label)
        and target._meta.label != settings.AUTH_USER_MODEL
    ]
    assert upward == []


def test_generic_keys_stand_in_two_places_only() -> None:
    generic = {f"{m._meta.label}.{f.name}" for m in our_models() for f in m._meta.private_fields}
    assert generic == {"history.Entry.about", "notices.Notice.about"}


def test_every_choice_of_state_has_a_row_in_the_transition_table() -> None:
    for model in our_models():
        for table, choices in (("State", "state"), ("Status", "status")):
            states = getattr(model, table, None)
            transitions = getattr(model, "TRANSITIONS", None)
            if transitions is None or states is None or not any(f.name == choices for f in model._meta.get_fields()):
                continue
            assert set().union(*transitions.values()) <= set(states), model
            assert set(transitions) <= set(states), model


def test_tasks_are_woken_after_the_commit_only() -> None:
    """Only the nudge and the worker's own start send tasks."""
    waking = {path.name for path in SOURCES if re.search(r"\.(delay|apply_async|send_task)\b", path.read_text())}
    assert waking == {"nudge.py", "celery.py"}


@pytest.mark.parametrize("name", ["RoundResult", "Ballot", "Receipt"])
def test_only_actions_know_ballots_and_results(name: str) -> None:
    """Figures leave through disclosure; whoever imports the tables could go around it."""
    knowing = set()
    for path in written_in(name):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and name in {alias.name for alias in node.names}:
                knowing.add(path.relative_to(ROOT).as_posix())
    assert {path for path in knowing if not re.match(r"challenges/(actions[/.]|models[/.]|results\.py)", path)} == set()


def test_pages_look_for_a_record_among_those_the_reader_may_see() -> None:
    """A search that begins with a whole table would leave the access to whatever comes after it."""
    named = "|".join(model.__name__ for model in our_models())
    whole = re.compile(rf"\b(get_object_or_404|get_list_or_404)\(\s*({named})\s*,")
    assert [path.relative_to(ROOT).as_posix() for path in SOURCES if whole.search(path.read_text())] == []


HEAVY = {
    "PIL", "bibtexparser", "celery", "dateutil", "docx", "drf_spectacular.utils", "highspy", "holidays", "icalendar",
    "kombu", "markdown_it", "nh3", "numpy", "openpyxl", "puremagic", "requests", "rest_framework.views", "rispy",
    "segno", "typst", "unittest", "yaml",
}  # fmt: skip


def test_addresses_load_none_of_the_heavy_libraries() -> None:
    code = (
        "import django, sys; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns;"
        f"print(sorted({HEAVY} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_light_addresses_of_the_open_interface_are_those_of_its_endpoints() -> None:
    behind = get_resolver("s3cop.api.endpoints").url_patterns[0]
    assert isinstance(behind, URLResolver)
    assert shapes(urls.urlpatterns) == shapes(behind.url_patterns)


def shapes(patterns: Sequence[URLPattern | URLResolver]) -> list[tuple[str, str]]:
    """Return names and expressions; both ways to write an end are the same here."""
    found = [pattern for pattern in patterns if isinstance(pattern, URLPattern)]
    return sorted((each.name or "", each.pattern.regex.pattern.replace(r"\Z", "$")) for each in found)


def test_no_task_is_planned_for_later_by_the_broker() -> None:
    """An ETA longer than the visibility timeout is delivered again and again."""
    names = ("eta", "countdown", "autoretry_for")
    found = [
        f"{path}: {token.string}"
        for path in written_in(*names)
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.NAME and token.string in names
    ]
    assert found == []


def test_files_and_functions_stay_short() -> None:
    long_files, long_functions = [], []
    for path in SOURCES:
        text = path.read_text()
        if text.count("\n") < 50:
            continue
        if sum(1 for line in text.splitlines() if line.strip()) > 300:
            long_files.append(path.relative_to(ROOT).as_posix())
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        long_functions += [f"{path}:{node.name}" for node in functions if (node.end_lineno or 0) - node.lineno >= 50]
    assert (long_files, long_functions) == ([], [])


def test_templates_stay_short() -> None:
    assert [
        str(path) for path in (ROOT / "templates").rglob("*.html") if len(path.read_text().splitlines()) > 150
    ] == []


def test_no_file_names_a_package_registry() -> None:
    """Locks must work with whatever index the machine is set up for."""
    for name in ("requirements.txt", "requirements-dev.txt", "Dockerfile", "Makefile", "pyproject.toml"):
        assert not re.search(r"index[-_]url|find-links|\bregistry\.", (ROOT / name).read_text()), name
    assert "://" not in (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
