"""Two people change one edition, or one reference: the second sees what the first changed, and loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from outcomes.actions import link_translation, references
from outcomes.models import Edition, Reference
from people.models import User
from tests import factories
from tests.sent import untouched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
SignedIn = Callable[[User], Client]


def reference() -> tuple[str, Model, str]:
    record = Reference(title="As it was", kind="report", authors=["Doe, Jane"])
    references.add_reference(reference=record, groups=[], by=None)
    return reverse("outcomes:reference_edit", args=[record.citekey]), record, "publisher"


def edition() -> tuple[str, Model, str]:
    record: Edition = factories.drafted_edition(factories.publication(factories.group()))
    return reverse("outcomes:edit", args=[record.publication.slug, 1]), record, "abstract"


def test_topics_that_somebody_else_has_chosen_meanwhile_are_not_taken_away(signed_in: SignedIn) -> None:
    group = factories.group()
    one, two = (factories.challenge(group, title=title) for title in ("One", "Two"))
    publication = factories.publication(group)
    factories.drafted_edition(publication)
    where = reverse("outcomes:topics", args=[publication.slug])
    first, second = (signed_in(factories.secretariat(display_name=name)) for name in ("Anne", "Bo"))
    as_shown = untouched(second, where)
    assert first.post(where, untouched(first, where) | {"topics": [one.pk]}).status_code == 302
    answer = second.post(where, as_shown | {"topics": [two.pk]})
    assert "Anne changed this while you were writing." in answer.content.decode()
    assert list(publication.topics.all()) == [one]
    again = dict(answer.context["form"].data.lists()) | {"topics": [one.pk, two.pk]}
    assert second.post(where, again).status_code == 302
    assert set(publication.topics.all()) == {one, two}


@pytest.mark.parametrize("make", [reference, edition])
def test_the_second_sees_the_change_and_saves_both(
    make: Callable[[], tuple[str, Model, str]], signed_in: SignedIn
) -> None:
    where, record, other = make()
    first, second = (signed_in(factories.secretariat(display_name=name)) for name in ("Anne", "Bo"))
    as_shown = untouched(second, where)
    assert first.post(where, untouched(first, where) | {"title": "By Anne"}).status_code == 302
    Edition.objects.update(state=Edition.State.DRAFT)  # its build has ended
    answer = second.post(where, as_shown | {other: "By Bo"})
    assert answer.status_code == 200
    assert "Anne changed this while you were writing." in answer.content.decode()
    assert [(change.label, change.now) for change in answer.context["changes"]] == [("Title", "By Anne")]
    again: dict[str, Any] = dict(answer.context["form"].data.lists())
    assert second.post(where, again).status_code == 302
    record.refresh_from_db()
    assert (getattr(record, "title"), getattr(record, other)) == ("By Anne", "By Bo")  # noqa: B009 - of two models


def doi() -> tuple[str, str, list[str]]:
    made: Edition = factories.built_edition(factories.publication(factories.group()))
    return reverse("outcomes:doi", args=[made.publication.slug, 1]), "doi", ["", "10.2760/1", "10.2760/2"]


def original() -> tuple[str, str, list[str]]:
    group = factories.group()
    others = [factories.published_edition(factories.publication(group)).publication for _ in range(2)]
    made = factories.drafted_edition(factories.publication(group), language="fi").publication
    return reverse("outcomes:original", args=[made.slug]), "original", ["", *(str(one.pk) for one in others)]


@pytest.mark.parametrize("make", [doi, original])
def test_one_value_that_somebody_else_has_set_meanwhile_is_shown_first(
    make: Callable[[], tuple[str, str, list[str]]], signed_in: SignedIn
) -> None:
    where, name, (before, by_first, by_second) = make()
    first, second = (signed_in(factories.secretariat(display_name=name)) for name in ("Anne", "Bo"))
    as_shown, idle = untouched(second, where), untouched(second, where)
    assert _value(as_shown, name) == before
    assert first.post(where, untouched(first, where) | {name: by_first}).status_code == 302
    Edition.objects.filter(state=Edition.State.BUILDING).update(state=Edition.State.DRAFT)  # its build has ended
    for typed, shown in ((as_shown | {name: by_second}, by_second), (idle, by_first)):
        answer = second.post(where, typed)
        assert (answer.status_code, answer.context["form"][name].value()) == (200, shown)
        assert "Anne changed this while you were writing." in answer.content.decode()
        assert _value(untouched(first, where), name) == by_first
    again = second.post(where, typed | {name: by_second, "seen": answer.context["form"]["seen"].value()})
    Edition.objects.filter(state=Edition.State.BUILDING).update(state=Edition.State.DRAFT)
    assert (again.status_code, _value(untouched(first, where), name)) == (302, by_second)


def _value(sent: dict[str, Any], name: str) -> str:
    value = sent[name]
    return str(value[0] if isinstance(value, list) else value)


def test_an_original_that_is_not_public_yet_stays_chosen(signed_in: SignedIn) -> None:
    group = factories.group()
    source = factories.drafted_edition(factories.publication(group)).publication
    made = factories.drafted_edition(factories.publication(group), language="fi").publication
    link_translation(publication=made, original=source, by=None)
    office, where = signed_in(factories.secretariat()), reverse("outcomes:original", args=[made.slug])
    assert f'<option value="{source.pk}" selected>' in office.get(where).content.decode()
    assert office.post(where, untouched(office, where)).status_code == 302
    made.refresh_from_db()
    assert made.translation_of == source
