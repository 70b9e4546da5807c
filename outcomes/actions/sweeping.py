"""Built files that no edition points to: builds that were repeated, overtaken or cut off leave them behind."""

import datetime as dt

from django.db import transaction

from history.clock import database_now
from history.locks import STORED_FILES, lock_exclusive
from outcomes import files
from outcomes.models import EditionFile

KEPT = dt.timedelta(days=30)  # a backup of the database that is put back may still point to them


@transaction.atomic
def sweep_files(*, now: dt.datetime | None = None) -> int:
    """Delete those older than KEPT; return how many. A database that knows no file at all is no reason to delete any.

    No build stores a file meanwhile, so none of them waits for its row.
    """
    lock_exclusive(STORED_FILES, 0)
    known = set(EditionFile.objects.values_list("sha256", flat=True))
    if not known:
        return 0
    before = ((now or database_now()) - KEPT).timestamp()
    left = [place for place in files.stored() if place.name not in known and place.stat().st_mtime < before]
    for place in left:
        place.unlink(missing_ok=True)
    return len(left)
