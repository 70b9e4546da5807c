"""Two people change one challenge, its agenda, one draft or its decisions: the second sees that, and loses nothing."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from challenges import actions
from challenges.models import Challenge
from meetings.models import AgendaItem, Decision
from people.models import User
from tests import factories as make
from tests.sent import untouched
from workinggroups.models import WorkingGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("strict_templates")]
SignedIn = Callable[[User], Client]
Sent = dict[str, Any]


class Form(NamedTuple):
    """An address, what two people type, the record, and what of it each wrote."""

    address: str
    of_first: Sent
    of_second: Sent
    record: Model
    now: Callable[[], tuple[Any, ...]]
    label: str


def of_challenge(group: WorkingGroup) -> Form:
    record = make.challenge(group, title="Capacity", text="As it was")

    def now() -> tuple[Any, ...]:
        record.refresh_from_db()
        return record.title, record.text

    address = reverse("challenges:edit", args=[record.slug])
    return Form(address, {"title": "By the first"}, {"text": "By the second"}, record, now, "Title")


def of_agenda(group: WorkingGroup) -> Form:
    record, meeting = make.challenge(group), make.meeting(group, title="Ninth", slug="ninth")
    one, two = (AgendaItem.objects.create(meeting=meeting, position=n, title=f"Item {n}") for n in (1, 2))
    field = f"meeting-{meeting.pk}"

    def now() -> tuple[Any, ...]:
        items = set(record.agenda_items.values_list("pk", flat=True))
        return ("By the first" if one.pk in items else "", "By the second" if two.pk in items else "")

    address = reverse("challenges:agenda", args=[record.slug])
    return Form(address, {field: [one.pk]}, {field: [one.pk, two.pk]}, record, now, "Ninth")


def of_draft(group: WorkingGroup) -> Form:
    record = make.round_(group, title="As it was")

    def now() -> tuple[Any, ...]:
        record.refresh_from_db()
        return ("By the first" if record.will_repeat else "", record.title)

    address = reverse("challenges:round_edit", args=[record.pk])
    return Form(address, {"will_repeat": "on"}, {"title": "By the second"}, record, now, "A repeat is planned")


def of_decisions(group: WorkingGroup) -> Form:
    """The first names the decision of the round, the second that of its focus."""
    record, meeting = make.published_round(group, *[[1, 2]] * 5), make.meeting(group, title="Ninth")
    first = Challenge.objects.get(round_options__round=record, round_options__position=1)
    focus = actions.decide_focus(round=record, entries=[(1, first)], reason="Urgent.", by=make.secretariat())
    one, two = (Decision.objects.create(meeting=meeting, position=n, text=f"By the {n}") for n in (1, 2))

    def now() -> tuple[Any, ...]:
        record.refresh_from_db()
        focus.refresh_from_db()
        return ("By the first" if record.decision == one else "", "By the second" if focus.decision == two else "")

    address, label = reverse("challenges:decisions", args=[record.pk]), "Decision this round belongs to"
    return Form(address, {"decision": one.pk}, {"focus_decision": two.pk}, record, now, label)


FORMS = [of_challenge, of_agenda, of_draft, of_decisions]


@pytest.mark.parametrize("make_form", FORMS)
def test_the_second_sees_the_change_keeps_what_was_typed_and_saves_both(
    make_form: Callable[[WorkingGroup], Form], signed_in: SignedIn
) -> None:
    group = make.group()
    form = make_form(group)
    first, second = signed_in(make.leader(group, display_name="The chair")), signed_in(make.secretariat())
    as_shown = untouched(second, form.address)
    assert first.post(form.address, untouched(first, form.address) | form.of_first).status_code == 302
    before = form.now()
    answer = second.post(form.address, as_shown | form.of_second)
    assert (answer.status_code, form.now()) == (200, before)
    assert "The chair changed this while you were writing." in answer.content.decode()
    (change,) = answer.context["changes"]
    assert change.label.startswith(form.label)
    again = answer.context["form"].data.dict() | dict(answer.context["form"].data.lists())
    assert second.post(form.address, again).status_code == 302
    assert form.now() == ("By the first", "By the second")


@pytest.mark.parametrize("make_form", FORMS)
def test_who_edits_alone_is_asked_nothing(make_form: Callable[[WorkingGroup], Form], signed_in: SignedIn) -> None:
    form = make_form(make.group())
    client = signed_in(make.secretariat())
    for typed in (form.of_first, form.of_second):
        assert client.post(form.address, untouched(client, form.address) | typed).status_code == 302
