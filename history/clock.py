"""The database's clock. Times that decide (a ballot after closing, a letter now due) are read here, after the lock."""

import datetime as dt

from django.db import connection
from django.db.models import DateTimeField, Func


class Clock(Func):
    """The same within a question that is asked anyway: the moment at which it came to the row."""

    function = "clock_timestamp"
    output_field = DateTimeField()


def database_now() -> dt.datetime:
    """Return the database's time at this moment (aware, UTC), not the start of the transaction."""
    moment: dt.datetime
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment.astimezone(dt.UTC)
