"""The round of 8 June 2023 and its publication, as the demo loads them."""

import datetime as dt
from io import BytesIO

from pypdf import PdfReader

from challenges.disclosure.finding import finding
from challenges.models import RankingRound
from challenges.results import shown
from outcomes.files import path_of
from outcomes.models import Edition, EditionFile

TODAY = dt.date(2026, 11, 22)


TITLE = "Main challenges when starting interregional cooperation"
OUTCOME = "what-holds-regions-back"


def kickoff(title: str = TITLE) -> RankingRound:
    return RankingRound.objects.get(title=title)


def first_and_pdf(title: str = TITLE, outcome: str = OUTCOME) -> tuple[tuple[str, ...], str]:
    """What the round found, and the text of the first edition on it."""
    published = shown(kickoff(title))
    assert published is not None
    edition = Edition.objects.get(publication__slug=outcome, version=1)
    file = edition.files.get(format=EditionFile.Format.PDF)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(path_of(file.sha256).read_bytes())).pages)
    return finding(published).first, text
