"""Works of others: read from pastes entry by entry, written all or none, listed apart from the own outcomes."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from history.models import Entry
from outcomes import bibliography
from outcomes.actions import references as actions
from outcomes.models import Reference
from tests import factories

BIBTEX = r"""
@techreport{rakh2020, author={Rakhmatullin, R. and {OECD} and M{\"u}ller, J{\'o}zef},
  title={{Methodological} Manual \& more}, year=2020, institution={Publications Office}, number={EUR 30172 EN},
  doi={https://doi.org/10.2760/3582}, isbn={978-92-76-27240-3}}
"""
RIS = """TY  - RPRT
AU  - Woolford, J.
AU  - Boden, M.
TI  - Interregional Cooperation
PY  - 2020/01/01
SN  - 978-92-76-27240-3
DO  - 10.2760/379859
ER  -
"""
CSL = json.dumps(
    [
        {
            "type": "report",
            "id": "oecd",
            "title": "Internationalisation",
            "author": [{"literal": "OECD"}],
            "issued": {"date-parts": [[2021, 3]]},
            "publisher": "OECD Publishing",
            "publisher-place": "Paris",
        }
    ]
)


def works(text: str) -> list[dict[str, Any]]:
    paste = bibliography.read(text)
    assert paste.faults == []
    return [work for _number, work in paste.works]


def faults(text: str) -> list[tuple[int, str]]:
    return [(fault.entry, fault.code) for fault in bibliography.read(text).faults]


def test_bibtex_is_read_with_accents_organisations_and_numbers() -> None:
    [work] = works(BIBTEX)
    assert work == {
        "citekey": "rakh2020", "kind": "report", "title": "Methodological Manual & more",
        "authors": ["Rakhmatullin, R.", "OECD", "Müller, Józef"], "year": 2020, "publisher": "Publications Office",
        "place": "", "series": "", "number": "", "doi": "10.2760/3582", "isbn": "9789276272403",
        "report_no": "EUR 30172 EN", "url": "", "language": "",
    }  # fmt: skip


def test_ris_is_read() -> None:
    [work] = works(RIS)
    assert (work["kind"], work["title"], work["authors"], work["year"]) == (
        "report",
        "Interregional Cooperation",
        ["Woolford, J.", "Boden, M."],
        2020,
    )
    assert (work["doi"], work["isbn"]) == ("10.2760/379859", "9789276272403")


def test_csl_json_is_read() -> None:
    [work] = works(CSL)
    assert (work["citekey"], work["authors"], work["year"], work["place"]) == ("oecd", ["OECD"], 2021, "Paris")


def test_a_broken_entry_is_named_and_the_others_are_read() -> None:
    entries = ["@book{a, title={A}}", "@article{b, title={oops", "@book{c, title={C}}", "@book{a, title={again}}"]
    text = "\n".join([*entries, "@misc{d, year=1999}"])
    assert faults(text) == [(2, "syntax"), (4, "syntax"), (5, "no_title")]
    assert faults(f"{RIS}\nnonsense\nER  -\n") == [(2, "syntax")]
    assert faults('[{"title": "A"}, 3]') == [(2, "syntax")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("Just words.", "format"),
        ("{", "syntax"),
        ("@", "empty"),
        ("@book{a, title={A}}" * 20000, "too_many"),
    ],
)
def test_what_is_no_bibliography_is_said_so(text: str, code: str) -> None:
    assert faults(text) == [(0, code)]


@given(st.text(max_size=120), st.sampled_from(["", "@book{", "TY  - ", "[", '[{"author": ', BIBTEX, RIS]))
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_no_text_breaks_the_reading(text: str, before: str) -> None:
    paste = bibliography.read(before + text)
    assert paste.works or paste.faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("978-92-76-27240-3", True),
        ("9789276272404", False),
        ("0-306-40615-2", True),
        ("043942089X", True),
        ("1", False),
    ],
)
def test_an_isbn_needs_its_check_digit(text: str, *, expected: bool) -> None:
    assert bool(bibliography.isbn(text)) == expected


def paste(client: Client, text: str) -> Any:
    return client.post(reverse("outcomes:reference_import"), {"text": text})


@pytest.mark.django_db
def test_an_import_writes_all_with_history(signed_in: Any) -> None:
    client = signed_in(factories.secretariat())
    assert paste(client, BIBTEX).status_code == 302
    assert paste(client, RIS).status_code == 302
    found = list(Reference.objects.listed().values_list("citekey", "doi"))
    assert sorted(found) == [("rakh2020", "10.2760/3582"), ("woolford-2020-interregional", "10.2760/379859")]
    assert Entry.objects.filter(verb="reference_added", is_public=True).count() == 2


@pytest.mark.django_db
def test_one_faulty_entry_keeps_all_out_and_is_named_beside_the_field(signed_in: Any) -> None:
    client = signed_in(factories.secretariat())
    paste(client, "@book{known, title={Known}, doi={10.1234/x}}")
    faulty = ["@book{b, title={Bad}, doi={nonsense}}", "@book{c, title={Twice}, doi={10.1234/X}}"]
    text = "\n".join(["@book{a, title={Fine}}", *faulty, "@book{a2, title={fine}}"])
    answer = paste(client, text)
    assert answer.status_code == 200
    assert answer.context["form"].errors["text"] == [
        "Entry 2: A DOI looks like 10.2760/3582.",
        "Entry 3: A reference with this DOI is listed already.",
        "Entry 4: “fine” is listed already, or stands here twice.",
    ]
    assert "@book{a, title={Fine}}" in answer.content.decode()
    assert Reference.objects.count() == 1


@pytest.mark.django_db
def test_the_secretariat_adds_changes_and_removes(signed_in: Any) -> None:
    group = factories.group()
    client = signed_in(factories.secretariat())
    typed = {
        "title": "A manual", "kind": "report", "authors": "Müller, Anna\nOECD", "year": "2020",
        "doi": "https://doi.org/10.2760/3582", "isbn": "978-92-76-27240-3", "groups": [group.pk], "language": "en",
    }  # fmt: skip
    assert client.post(reverse("outcomes:reference_new"), typed).status_code == 302
    made = Reference.objects.get()
    assert (made.citekey, made.authors, made.doi, list(made.groups.all())) == (
        "muller-2020-manual",
        ["Müller, Anna", "OECD"],
        "10.2760/3582",
        [group],
    )
    wrong = client.post(reverse("outcomes:reference_edit", args=[made.citekey]), typed | {"isbn": "978-92-76-27240-4"})
    assert wrong.context["form"].errors == {"isbn": ["This is no ISBN: its check digit is wrong."]}
    client.post(reverse("outcomes:reference_edit", args=[made.citekey]), typed | {"title": "The manual"})
    assert Reference.objects.get().title == "The manual"
    client.post(reverse("outcomes:reference_remove", args=[made.citekey]))
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_the_list_is_searched_without_accents_and_filtered_by_group(client: Client) -> None:
    one, other = factories.group(slug="one"), factories.group(slug="other")
    listed = {"kind": "report", "year": 2020}
    for title, authors, group in (("Études", ["Müller, A."], one), ("Other things", ["OECD"], other)):
        actions.add_reference(reference=Reference(title=title, authors=authors, **listed), groups=[group], by=None)
    page = reverse("outcomes:references")

    def titles(query: str) -> list[str]:
        return [work.title for work in client.get(page + query).context["page_obj"]]

    assert titles("") == ["Études", "Other things"]
    assert titles("?q=etudes") == titles("?q=muller") == titles("?group=one") == ["Études"]
    assert titles("?q=xyzzy") == []
    assert titles("?page=-1&q=%00&group=<script>") == []


@pytest.mark.django_db
def test_an_empty_list_says_who_fills_it_and_a_vain_search_what_to_try(client: Client) -> None:
    page = reverse("outcomes:references")
    assert "No references yet" in client.get(page).content.decode()
    assert "Try other words" in client.get(page, {"q": "ports"}).content.decode()


@pytest.mark.django_db
def test_references_and_outcomes_do_not_mix(client: Client) -> None:
    actions.add_reference(reference=Reference(title="Of others", kind="book"), groups=[], by=None)
    assert "Of others" not in client.get(reverse("outcomes:list")).content.decode()
    assert client.get(reverse("outcomes:references")).context["can_edit"] is False


@pytest.mark.django_db
def test_group_and_challenge_show_what_is_linked_to_them_in_no_query_of_its_own(client: Client) -> None:
    group = factories.group(slug="inter")
    challenge = factories.challenge(group)
    for number in range(7):
        said = {"title": f"Work {number}", "year": 2010 + number, "doi": f"10.1000/{number}", "authors": ["Ada"]}
        actions.add_reference(reference=Reference(kind="report", **said), groups=[group], topics=[challenge], by=None)
    links = [f'<a href="https://doi.org/10.1000/{n}" rel="external" lang="en">Work {n}</a>' for n in (6, 5, 4, 3, 2)]
    for page in (group.get_absolute_url(), challenge.get_absolute_url()):
        html = client.get(page).content.decode()
        assert re.findall(r'<a href="https://doi.org/10.1000/.*?</a>', html) == links
    assert 'href="/outcomes/references/?group=inter"' in client.get(group.get_absolute_url()).content.decode()
