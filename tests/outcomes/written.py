"""`python -m tests.outcomes.written` reads a snapshot from standard input and prints the SHA-256 of each format."""

import gettext
import hashlib
import json
import sys
from functools import partial

from outcomes import citations, document, pdf, tables, word
from tests.outcomes.told import WHEN


def sums(snapshot: dict[str, object]) -> dict[str, str]:
    told = document.compose(snapshot, gettext.NullTranslations())
    cited = citations.of(snapshot)
    contents = {
        "pdf": pdf.write(told, when=WHEN).content,
        "docx": word.write(told, when=WHEN, pictures=partial(pdf.pictures, language="en")),
        "json": tables.to_json(snapshot),
        "csv": tables.to_csv(snapshot),
        "bib": citations.to_bibtex(cited),
        "ris": citations.to_ris(cited),
        "csl": citations.to_csl(cited),
    }
    return {kind: hashlib.sha256(content).hexdigest() for kind, content in contents.items()}


if __name__ == "__main__":
    print(json.dumps(sums(json.load(sys.stdin))))  # noqa: T201 - its answer
