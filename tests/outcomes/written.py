"""`python -m tests.outcomes.written` reads snapshots, and prints for each the SHA-256 of what is written from it.

By format, and of the article as "html": as a worker writes them, in a process that knows no more than the snapshots.
"""

import datetime as dt
import hashlib
import json
import sys
from functools import partial
from typing import Any

import django


def sums(taken: dict[str, Any]) -> dict[str, str]:
    from outcomes import citations, document, html, pdf, snapshot, tables, word

    told = document.compose(taken, snapshot.WORDS)
    made = dt.datetime.fromisoformat(taken["made"]["at"])
    leaving = document.absolute(told, taken["site"]["url"])
    contents = {
        "html": html.write(told).encode(),
        "pdf": pdf.write(leaving, when=made).content,
        "docx": word.write(leaving, when=made, pictures=partial(pdf.pictures, language=told.labels.language)),
        "json": tables.to_json(taken),
        "csv": tables.to_csv(taken),
        **citations.written(citations.of(taken)),
    }
    return {str(kind): hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


if __name__ == "__main__":
    django.setup()
    print(json.dumps([sums(taken) for taken in json.load(sys.stdin)]))  # noqa: T201 - its answer
