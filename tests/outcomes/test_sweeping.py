"""Files that no edition points to go after a month; what an edition points to stays, also while it is being built."""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import pytest

from outcomes import actions, files
from outcomes.models import EditionFile
from outcomes.tasks import sweep_files
from tests import factories
from tests.at_once import behind

LONG_AGO = dt.timedelta(days=31).total_seconds()


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def age(place: Path) -> None:
    then = time.time() - LONG_AGO
    os.utime(place, (then, then))


@pytest.mark.django_db
def test_what_nobody_points_to_goes_after_a_month_and_what_an_edition_has_stays() -> None:
    edition = factories.built_edition(factories.publication(factories.group()))
    kept = [files.path_of(file.sha256) for file in edition.files.all()]
    young, old = (files.path_of(files.store(content)) for content in (b"young", b"old"))
    broken_off = old.with_name(".new-broken-off")
    broken_off.write_bytes(b"half")
    for place in (*kept, old, broken_off):
        age(place)
    assert sweep_files() == 2
    assert {place for place in files.stored() if place.is_file()} == {*kept, young}
    assert sweep_files() == 0


@pytest.mark.django_db
def test_an_empty_database_before_a_full_folder_deletes_nothing() -> None:
    place = files.path_of(files.store(b"of a database that is put back in a minute"))
    age(place)
    assert (sweep_files(), place.exists()) == (0, True)


@pytest.mark.django_db(transaction=True)
def test_a_sweep_waits_for_a_build_that_takes_an_old_file_again() -> None:
    """Between the file and its row nobody points to it."""
    factories.built_edition(factories.publication(factories.group()))
    edition = factories.built_edition(factories.publication(factories.group()))
    places = [files.path_of(file.sha256) for file in edition.files.all()]
    actions.edit_edition(edition=edition, by=factories.secretariat())
    EditionFile.objects.filter(edition=edition).delete()
    for place in places:
        age(place)
    sweep = behind(lambda: actions.build_edition(edition.pk), sweep_files)
    assert (sweep, [place for place in places if not place.exists()]) == (0, [])
