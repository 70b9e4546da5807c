"""Papers: what is taken, who reads it, what a download says, and all of them in one archive."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import ContentVersion, Entry
from meetings import file_types, zipping
from meetings.actions import AgendaLine
from meetings.actions import materials as verbs
from meetings.actions.materials import Content
from meetings.errors import FileRefused, WrongState
from meetings.models import Material, MaterialVersion, Meeting
from people.models import User
from tests.factories import secretariat, user
from tests.sent import untouched

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
TEXT = "Ελληνικά, a note\n".encode()


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


DOCX = packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
ODT = packed(mimetype="application/vnd.oasis.opendocument.text")
MACROS = packed(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>", "word/vbaProject.bin": "x"})
ZIP = packed(**{"a.txt": "a"})


@pytest.fixture
def meeting(plan: Callable[..., Meeting]) -> Meeting:
    return plan(agenda=[AgendaLine("Welcome", 5)])


def hand_in(meeting: Meeting, content: bytes = PDF, name: str = "paper.pdf", **values: Any) -> Material:
    archives = values.pop("archives", False)
    values.setdefault("access", "public")
    return verbs.add_material(
        meeting=meeting, by=None, content=Content(io.BytesIO(content), name, archives=archives), title="Paper", **values
    )


def address(name: str, meeting: Meeting, *args: Any) -> str:
    return reverse(f"meetings:{name}", args=[meeting.slug, *args])


def got(material: Material, client: Client | None = None) -> Any:
    return (client or Client()).get(address("paper", material.meeting, material.pk))


def status(material: Material, client: Client | None = None) -> int:
    answer = got(material, client)
    answer.getvalue()  # read to the end, the file is closed
    return int(answer.status_code)


@pytest.mark.parametrize(
    ("content", "name", "kind", "saved_as"),
    [
        (PDF, "a.pdf", "application/pdf", "a.pdf"),
        (PDF, "a.exe", "application/pdf", "a.exe.pdf"),
        (PNG, "../../b.PNG", "image/png", "b.png"),
        (TEXT, "figures.csv", "text/plain", "figures.csv"),
        (TEXT, "page.html", "text/plain", "page.html.txt"),
        (DOCX, "c.docx", file_types.OFFICE["word/document.xml"], "c.docx"),
        (ODT, "C:\\d.odt", "application/vnd.oasis.opendocument.text", "d.odt"),
        (PDF, "", "application/pdf", "paper.pdf"),
    ],
    ids=["pdf", "named exe", "png", "table", "page", "word", "odt", "nameless"],
)
def test_the_content_says_what_a_file_is(meeting: Meeting, content: bytes, name: str, kind: str, saved_as: str) -> None:
    version = hand_in(meeting, content, name).versions.get()
    assert (version.media_type, version.name, version.size) == (kind, saved_as, len(content))
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert Path(site.MEDIA_ROOT, str(version.file.name)).read_bytes() == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ\x90\0" + b"\0" * 60, "not taken"),
        (b"", "not taken"),
        (b"\x7fELF" + b"\0" * 40, "not taken"),
        (b"a\0b", "not taken"),
        (ZIP, "archive"),
        (ZIP[:40], "archive"),
        (MACROS, "macros"),
    ],
    ids=["program", "empty", "elf", "nul", "zip", "half a zip", "macros"],
)
def test_what_is_not_on_the_list_is_refused_and_leaves_nothing(meeting: Meeting, content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        hand_in(meeting, content)
    assert not Material.objects.exists()


def test_an_archive_is_taken_when_it_is_meant(meeting: Meeting) -> None:
    assert hand_in(meeting, ZIP, "all.zip", archives=True).versions.get().media_type == "application/zip"


def test_the_limit_of_size_holds(meeting: Meeting, settings: Any) -> None:
    settings.PAPER_MAX_BYTES = 10
    with pytest.raises(FileRefused, match="too large"):
        hand_in(meeting)


def test_who_reads_what(meeting: Meeting, signed_in: SignedIn, anna: User) -> None:
    public, closed = hand_in(meeting), hand_in(meeting, access="members")
    soon = hand_in(meeting, embargo_until=timezone.now() + dt.timedelta(days=1))
    over = hand_in(meeting, embargo_until=timezone.now() - dt.timedelta(days=1))
    everything = [public, closed, soon, over]
    seen = {
        "anonymous": [status(each) for each in everything],
        "outsider": [status(each, signed_in(user())) for each in everything],
        "member": [status(each, signed_in(anna)) for each in everything],
    }
    assert seen == {
        "anonymous": [200, 404, 404, 200],
        "outsider": [200, 404, 404, 200],
        "member": [200, 200, 200, 200],
    }


def test_a_download_names_its_type_and_is_never_guessed(meeting: Meeting) -> None:
    answer = got(hand_in(meeting, DOCX, "Übersicht.docx"))
    assert answer["Content-Type"] == file_types.OFFICE["word/document.xml"]
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.docx"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == DOCX
    shown = got(hand_in(meeting, TEXT, "note.txt"))
    assert (shown["Content-Type"], shown["Content-Disposition"]) == (
        "text/plain; charset=utf-8",
        'inline; filename="note.txt"',
    )
    assert b"".join(shown.streaming_content) == TEXT
    known = Client().get(shown.wsgi_request.path, headers={"If-None-Match": shown["ETag"]})
    assert known.status_code == 304


def test_the_newest_version_is_read_and_the_earlier_ones_stay_for_the_group(
    meeting: Meeting, signed_in: SignedIn, anna: User
) -> None:
    material = hand_in(meeting, b"One.", "a.txt")
    verbs.renew_material(material=material, by=None, content=Content(io.BytesIO(b"Two."), "a.txt"))
    assert got(material).getvalue() == b"Two."
    first = signed_in(anna).get(address("paper_version", meeting, material.pk, 1))
    assert first.getvalue() == b"One."
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        connection.cursor().execute("UPDATE meetings_materialversion SET name = 'b.txt'")


def test_what_was_replaced_before_a_paper_became_public_stays_with_the_group(
    meeting: Meeting, signed_in: SignedIn, anna: User
) -> None:
    material = hand_in(meeting, b"With names.", "a.txt", access="members")
    verbs.renew_material(material=material, by=None, content=Content(io.BytesIO(b"Without names."), "a.txt"))
    verbs.describe_material(material=material, by=None, title="Paper", access="public")
    readers = {"nobody": Client(), "stranger": signed_in(user()), "member": signed_in(anna)}
    readers["office"] = signed_in(secretariat())

    def read(reader: Client, number: int) -> Any:
        answer = reader.get(address("paper_version", meeting, material.pk, number))
        return answer.getvalue() if answer.status_code == 200 else answer.status_code

    public, both = [404, b"Without names."], [b"With names.", b"Without names."]
    answers = {name: [read(reader, number) for number in (1, 2)] for name, reader in readers.items()}
    assert answers == {"nobody": public, "stranger": public, "member": both, "office": both}


def test_pages_are_built_anew_when_a_paper_is_kept_back_though_the_deed_is_not_public(meeting: Meeting) -> None:
    paper, versions = hand_in(meeting), [ContentVersion.objects.get().number]
    for access in ("members", "members", "public"):
        verbs.describe_material(material=paper, by=None, access=access)
        versions.append(ContentVersion.objects.get().number)
    assert [later - before for before, later in pairwise(versions)] == [1, 0, 1]
    deeds = Entry.objects.about(paper).order_by("pk").values_list("verb", "is_public")
    assert list(deeds) == [("added", True), ("described", False), ("described", False), ("described", True)]


def test_a_withdrawn_paper_is_gone_for_all(meeting: Meeting, signed_in: SignedIn, chair: User, anna: User) -> None:
    material = hand_in(meeting)
    there = address("paper_withdraw", meeting, material.pk)
    assert signed_in(anna).post(there).status_code == 403
    assert "cannot be taken back" in signed_in(chair).get(there).content.decode()
    assert signed_in(chair).post(there).status_code == 302
    assert [status(material, client) for client in (None, signed_in(anna), signed_in(chair))] == [404] * 3
    with pytest.raises(WrongState):
        verbs.renew_material(material=material, by=None, content=Content(url="https://example.org/"))


def test_all_that_the_reader_may_see_comes_as_one_archive(meeting: Meeting, signed_in: SignedIn, anna: User) -> None:
    hand_in(meeting, b"One.", "a.txt")
    hand_in(meeting, b"Two.", "a.txt")
    hand_in(meeting, b"Three.", "closed.txt", access="members")
    link = Content(url="https://example.org/film")
    verbs.add_material(meeting=meeting, by=None, content=link, title="Film", access="public")

    def archived(client: Client) -> dict[str, bytes]:
        answer = client.get(address("papers_zip", meeting))
        assert answer["Content-Type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name) for name in archive.namelist()}

    public = {"a.txt": b"One.", "a (2).txt": b"Two.", "links.txt": b"Film\r\nhttps://example.org/film\r\n"}
    assert archived(Client()) == public
    assert archived(signed_in(anna)) == public | {"closed.txt": b"Three."}


def test_a_file_that_a_backup_lacks_is_not_found_and_left_out_of_the_archive(meeting: Meeting) -> None:
    lost, kept = hand_in(meeting, b"Lost only here.", "lost.txt"), hand_in(meeting, b"Kept.", "kept.txt")
    (Path(site.MEDIA_ROOT) / str(lost.versions.get().file.name)).unlink()
    assert (status(lost), status(kept)) == (404, 200)
    answer: Any = Client().get(address("papers_zip", meeting))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == ["kept.txt"]


def test_an_archive_holds_one_block_at_a_time() -> None:
    blocks = zipping.stream([zipping.Entry("a", io.BytesIO(b"x" * 10 * zipping.BLOCK), dt.datetime(2026, 1, 1))])  # noqa: DTZ001
    assert max(len(block) for block in blocks) < 2 * zipping.BLOCK


def test_a_meeting_without_papers_has_no_archive(meeting: Meeting) -> None:
    assert Client().get(address("papers_zip", meeting)).status_code == 404


def test_a_paper_is_handed_in_renewed_and_described_by_form(
    meeting: Meeting, signed_in: SignedIn, chair: User, anna: User
) -> None:
    client = signed_in(chair)
    sent = {"title": "Report", "kind": "report", "access": "members", "file": SimpleUploadedFile("r.pdf", PDF)}
    assert signed_in(anna).get(address("paper_new", meeting)).status_code == 403
    assert client.post(address("paper_new", meeting), sent).status_code == 302
    material = Material.objects.get()
    there = address("paper_edit", meeting, material.pk)
    assert client.post(there, {"title": "The report", "access": "public"}).status_code == 302
    sent = {"title": "The report", "access": "public", "url": "https://example.org/r"}
    assert client.post(there, sent).status_code == 302
    material.refresh_from_db()
    assert (material.title, material.access) == ("The report", "public")
    versions = MaterialVersion.objects.order_by("number").values_list("number", "name", "url")
    assert list(versions) == [(1, "r.pdf", ""), (2, "", "https://example.org/r")]
    assert got(material)["Location"] == "https://example.org/r"


def test_the_second_of_two_who_describe_a_paper_sees_what_the_first_changed(
    meeting: Meeting, signed_in: SignedIn, chair: User
) -> None:
    material = hand_in(meeting)
    there = address("paper_edit", meeting, material.pk)
    first, second = signed_in(chair), signed_in(secretariat())
    as_shown = untouched(second, there)
    assert first.post(there, untouched(first, there) | {"access": "members"}).status_code == 302
    answer = second.post(there, as_shown | {"title": "By the office", "file": SimpleUploadedFile("r.pdf", PDF)})
    assert [(change.before, change.now) for change in answer.context["changes"]] == [("everybody", "the group")]
    assert "Choose the file once more" in answer.content.decode()
    assert second.post(there, answer.context["form"].data.dict()).status_code == 302
    material.refresh_from_db()
    assert (material.title, material.access, material.versions.count()) == ("By the office", "members", 1)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Choose a file, or give a link."),
        ({"url": "https://example.org", "file": SimpleUploadedFile("r.pdf", PDF)}, "Give a file or a link, not both."),
        ({"url": "https://example.org", "embargo_until": "2026-07-01T10:00", "access": "members"}, "becomes public"),
        ({"url": "https://example.org", "embargo_until": "2027-03-28T02:30"}, "clocks go forward"),
        ({"file": SimpleUploadedFile("r.exe", b"MZ\x90\0" + b"\0" * 60)}, "not taken"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(
    meeting: Meeting, signed_in: SignedIn, chair: User, values: dict[str, Any], sentence: str
) -> None:
    answer = signed_in(chair).post(address("paper_new", meeting), {"title": "Report", "access": "public", **values})
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Material.objects.exists()
