"""What letters have in common is written once for many; each still reads as if it had been written alone."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from meetings import actions, ical, kinds, letters
from meetings.actions import AgendaLine
from meetings.models import Attendee, Meeting, ReminderRule
from meetings.tokens import reply_path
from notices import mail, pages
from notices.actions import planned, queue
from notices.letters import letter_of
from notices.models import Notice
from people.models import User
from tests.factories import member
from tests.meetings.conftest import PLANNED, STARTS
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
REMINDERS = [kinds.reminder(letter) for letter in (ReminderRule.Letter.UNANSWERED, ReminderRule.Letter.SOON)]
KINDS = [kinds.INVITATION, kinds.UPDATE, *REMINDERS]
HOUR = dt.timedelta(hours=1)
MOMENT = re.compile(rb"(?m)^Date: .*\n")
BOUNDARY = re.compile(rb'boundary="([^"]+)"')


@pytest.fixture(autouse=True)
def people(club: WorkingGroup, settings: Any) -> list[User]:
    """Languages, zones and names of several kinds; two people share both, so that their letters share most."""
    settings.LANGUAGES = [("en", "English"), ("el", "Ελληνικά"), ("bg", "Български")]
    who = [
        ("Anna <Példa> & Co", "en", "Europe/Brussels"),
        ("Zoë", "en", "Europe/Brussels"),
        ("Ελένη Παράδειγμα", "el", "Europe/Athens"),
        ("Ивайло Примеров", "bg", "Europe/Sofia"),
        ("Ana", "en", "Atlantic/Azores"),
    ]
    return [member(club, display_name=name, language=language, timezone=zone) for name, language, zone in who]


@pytest.fixture
def batch(plan: Plan, people: list[User]) -> list[Notice]:
    """A letter of each kind to each person about each of two meetings, in no order."""
    first = plan(agenda=[AgendaLine("Welcome <all>", 15), AgendaLine("Ranking", 45)], reply_by=STARTS - 24 * HOUR)
    both = [
        first,
        plan(title="Last & least", mode="online", timezone="Europe/Athens", starts_at=STARTS - HOUR),
    ]
    for meeting, (person, reply) in product(both, zip(people, ["yes", "yes", "no", "yes", ""], strict=True)):
        if reply:
            actions.reply(meeting=meeting, by=person, reply=reply, now=PLANNED)
    Attendee.objects.filter(user=people[3]).update(sequence_shift=2)
    Notice.objects.all().delete()
    payload = {"revision": 0, "rule": None, "moved": True}
    each = product(KINDS, both, people)
    queue([planned(k, m, f"{k}:{m.pk}:{p.pk}", p, payload=payload) for k, m, p in each])
    rows = list(Notice.objects.select_related("recipient").order_by("pk"))
    return sorted(rows, key=lambda row: row.key[::-1])


def forget() -> None:
    """Keep nothing of the letters before."""
    pages._outline.cache_clear()
    ical._around.cache_clear()


@pytest.fixture(autouse=True)
def _forgetting() -> Iterator[None]:
    forget()
    yield
    forget()


def wire(row: Notice) -> bytes:
    """Look at the world and write the letter, as delivery does; without the moment, with one boundary."""
    letters.about(row)
    content = MOMENT.sub(b"", mail.written(row).message().as_bytes())
    (boundary,) = BOUNDARY.findall(content)
    return bytes(content.replace(boundary, b"boundary"))


def test_letters_of_a_mixed_batch_are_to_the_byte_those_written_alone(batch: list[Notice]) -> None:
    together = [wire(row) for row in batch]
    for row, content in zip(batch, together, strict=True):
        forget()
        assert wire(row) == content
    assert len(set(together)) == len(batch) == 40


def test_what_is_shared_reads_as_the_templates_alone_would_write_it(batch: list[Notice]) -> None:
    for row in batch:
        letters.about(row)
        with mail.as_read(row):
            draft = letter_of(row.kind).compose(row)
            common, own = mail._common(row, draft), mail._own(row, draft)
            text, html = pages.alone(row.kind, common | own)
            assert pages.rendered(row.kind, common, own) == (text, html.lstrip())
    assert pages._outline.cache_info().misses == 32  # two people share all that is not theirs


def test_no_letter_carries_the_name_the_address_or_the_link_of_another(batch: list[Notice], people: list[User]) -> None:
    seats = {(seat.meeting_id, seat.user_id): seat for seat in Attendee.objects.order_by("pk")}
    for row in batch:
        letter = mail.written(row)
        content = "\n".join([str(letter.subject), str(letter.body), *(str(part[0]) for part in letter.alternatives)])
        content = content.replace("\r\n ", "")
        links = {key for key, seat in seats.items() if reply_path(seat) in content}
        assert links <= {(row.about_id, row.recipient_id)}
        assert [person for person in people if person != row.recipient and person.email in content] == []
        assert [each for each in people if f"Dear {each}," in letter.body] == [row.recipient]


@pytest.mark.parametrize("way", ["slice:':1'", "upper", "truncatechars:3", "make_list|first", "cut:'e'"])
def test_a_template_that_does_more_than_print_a_letters_own_words_is_not_shared(
    settings: Any, tmp_path: Path, way: str
) -> None:
    (tmp_path / "mail").mkdir()
    for ending in ("txt", "html"):
        (tmp_path / f"mail/test.way.{ending}").write_text(f"{{{{ recipient_name|{way} }}}}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]
    for name in ("Annette", "Zoë"):
        text, html = pages.alone("test.way", {"recipient_name": name})
        assert pages.rendered("test.way", {}, {"recipient_name": name}) == (text, html)


def test_signs_like_those_of_marks_in_data_stay_there(batch: list[Notice]) -> None:
    """Somebody wrote their title with a logo that one maker's fonts have."""
    Meeting.objects.update(title=f"Meeting \uf8ff {pages.NONCE}")
    assert f"Meeting \uf8ff {pages.NONCE}" in str(mail.written(batch[0]).body)


def test_no_letter_filters_the_words_of_its_reader() -> None:
    """What a filter makes of a mark is not what it makes of the word."""
    filtered = re.compile(r"\b(recipient_name|unsubscribe_url|reply_url)\s*\|")
    folder = Path(pages.__file__).parents[1] / "templates" / "mail"
    assert [path.name for path in sorted(folder.iterdir()) if filtered.search(path.read_text())] == []
