"""Faults of the builder: killed at any stage, disk full, long input, another machine. Never half an edition."""

import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client

from outcomes import actions, files
from outcomes.models import Edition
from tests import factories
from tests.flows.test_with_worker import database_url
from tests.outcomes import killed

HERE = Path(__file__).parents[2]
State = Edition.State


def run(module: str, *words: str, given: str = "", **more: str) -> Any:
    """Start a process of its own; return what it prints, read as JSON."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "s3cop.settings", **more}
    command = [sys.executable, "-m", module, *words]
    done = subprocess.run(command, input=given, cwd=HERE, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_at_any_stage_leaves_no_half_edition_and_the_build_is_repeated(settings: Any) -> None:
    edition = actions.request_build(
        edition=factories.drafted_edition(factories.publication(factories.group())), by=None
    )
    places = {"DATABASE_URL": database_url(), "MEDIA_ROOT": str(settings.MEDIA_ROOT)}
    ends = run("tests.outcomes.killed", str(edition.pk), **places)
    steps = [min(stage, Edition.BUILD_STEPS - 1) for stage in range(1, killed.STAGES + 1)]
    assert ends == [[9, State.BUILDING, "", 0, 1, step] for step in steps]
    Edition.objects.filter(pk=edition.pk).update(build_lease_until=None)
    built = actions.build_edition(edition.pk)
    assert (built.state, built.files.count()) == (State.READY, 7)


@contextmanager
def a_full_disk(room: int) -> Iterator[None]:
    """No file may grow beyond so many bytes.

    Python 3.11 keeps bytecode it could write only in part, and every later import of it breaks: none is written here.
    """
    before, compiles = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        sys.dont_write_bytecode = compiles


@pytest.mark.django_db
def test_a_full_disk_leaves_no_half_edition_and_no_half_file(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    edition = actions.request_build(
        edition=factories.drafted_edition(factories.publication(factories.group())), by=None
    )
    with a_full_disk(30_000):
        put_back = actions.build_edition(edition.pk)
    assert (put_back.state, put_back.html, put_back.files.count()) == (State.BUILDING, "", 0)
    assert put_back.build_error.startswith("The build broke off: OSError: [Errno 27]")
    sizes = {path.stat().st_size for path in (tmp_path / "media").rglob("*") if path.is_file()}
    assert not [path.name for path in (tmp_path / "media").rglob(".new-*")]
    assert all(size < 30_000 for size in sizes)
    assert actions.build_edition(edition.pk).state == State.READY


@pytest.mark.django_db
def test_a_full_disk_costs_the_picture_and_not_the_page(client: Client, settings: Any, tmp_path: Path) -> None:
    edition = factories.published_edition(factories.publication(factories.group()))
    settings.MEDIA_ROOT = tmp_path / "media"
    with a_full_disk(1_000):
        assert client.get(f"{edition.get_absolute_url()}card.png").status_code == 404
        assert client.get(edition.get_absolute_url()).status_code == 200
    assert client.get(f"{edition.get_absolute_url()}card.png").status_code == 200


@pytest.mark.django_db
def test_three_hundred_pages_are_a_publication_too() -> None:
    paragraph = "Regions want to work together and lack people, time and steady money. " * 12
    text = "\n\n".join(f"{number}. {paragraph}" for number in range(1, 1700))
    edition = factories.built_edition(factories.publication(factories.group()), plain_summary=text)
    assert edition.state == State.READY
    content = files.path_of(edition.files.get(format="pdf").sha256).read_bytes()
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) >= 300
