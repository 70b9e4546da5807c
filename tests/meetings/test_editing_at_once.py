"""Two people press save at the same moment, on connections of their own: one is first, the other reads what happened.

Nothing is overwritten unseen, nothing typed is lost, and saving again is a choice.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from meetings import actions
from meetings.actions import Slot
from meetings.models import Meeting, Minutes, ReminderRule, Webinar
from people.models import User
from tests.at_once import at_once
from tests.factories import secretariat
from tests.meetings.test_reminder_rules import filled
from tests.meetings.test_webinars import DAY, HOUR, STARTS
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db(transaction=True)
SignedIn = Callable[[Any], Client]
Sent = dict[str, Any]


def untouched(client: Client, address: str) -> Sent:
    """Return what a browser would send back from a page with one form."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].widget.format_value(value) for name, value in values.items()}
    return {name: value if value is not None else "" for name, value in shown.items()}


def meeting_form(club: WorkingGroup) -> tuple[str, Callable[[], str]]:
    times: dict[str, Any] = {"starts_at": STARTS, "ends_at": STARTS + 2 * HOUR}
    meeting = actions.schedule(group=club, by=None, title="Stored", **times)
    return reverse("meetings:edit", args=[meeting.slug]), lambda: Meeting.objects.get().title


def series_form(club: WorkingGroup) -> tuple[str, Callable[[], str]]:
    slots = [Slot(STARTS + n * DAY, STARTS + n * DAY + HOUR) for n in range(2)]
    plan = actions.Plan(club, "Stored", "FREQ=DAILY")
    series = actions.plan_series(plan=plan, slots=slots, by=None, invite=False)
    first = series.meetings.order_by("starts_at")[0]
    address = reverse("meetings:series_edit", args=[first.slug])
    return address, lambda: " ".join(set(Meeting.objects.values_list("title", flat=True)))


def webinar_form(_club: WorkingGroup) -> tuple[str, Callable[[], str]]:
    webinar = actions.draft_webinar(by=None, title="Stored", starts_at=STARTS, ends_at=STARTS + HOUR)
    return reverse("meetings:webinar_edit", args=[webinar.slug]), lambda: Webinar.objects.get().title


FORMS: list[Callable[[WorkingGroup], tuple[str, Callable[[], str]]]] = [meeting_form, series_form, webinar_form]


@pytest.mark.parametrize("make", FORMS)
def test_of_two_who_save_one_form_the_second_sees_both_versions(
    club: WorkingGroup, signed_in: SignedIn, make: Callable[..., Any]
) -> None:
    address, stored = make(club)
    clients = [signed_in(secretariat(display_name=name)) for name in ("Ada", "Ben")]
    typed = [untouched(each, address) | {"title": f"Of {name}"} for each, name in zip(clients, "AB", strict=True)]
    answers = at_once(*(lambda c=c, t=t: c.post(address, t) for c, t in zip(clients, typed, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    late = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    mine, theirs = typed[late]["title"], typed[1 - late]["title"]
    assert stored() == theirs
    page: Any = answers[late]
    title, *_others_of_the_series = page.context["changes"]
    assert (title.label, title.before, title.now) == ("Title", "Stored", theirs)
    assert f"{['Ben', 'Ada'][late]} changed this while you were writing" in page.content.decode()
    assert page.context["form"]["title"].value() == mine
    again = {name: page.context["form"].data.getlist(name) for name in page.context["form"].data}
    assert (clients[late].post(address, again).status_code, stored()) == (302, mine)


def test_of_two_who_save_the_first_minutes_the_second_sees_both_texts(club: WorkingGroup, signed_in: SignedIn) -> None:
    slug = meeting_form(club)[0].split("/")[2]
    address = reverse("meetings:minutes_write", args=[slug])
    rows = {f"{prefix}-{name}_FORMS": "0" for prefix in ("decisions", "actions") for name in ("TOTAL", "INITIAL")}
    clients = [signed_in(secretariat(display_name=name)) for name in ("Ada", "Ben")]
    typed = [{"text": f"Text of {name}", "edit": "0", "language": "en", **rows} for name in "AB"]
    answers = at_once(*(lambda c=c, t=t: c.post(address, t) for c, t in zip(clients, typed, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    late = next(number for number, answer in enumerate(answers) if answer.status_code == 409)
    page = answers[late].content.decode()
    assert Minutes.objects.get().text == typed[1 - late]["text"]
    assert (f"{typed[late]['text']}</textarea>" in page, f"Saved by {['Ben', 'Ada'][late]}" in page) == (True, True)


@pytest.mark.parametrize("of", ["meeting", "group"])
def test_of_two_who_save_rules_the_second_sees_the_others_and_no_letter_goes_out_twice(
    club: WorkingGroup, anna: User, signed_in: SignedIn, of: str
) -> None:
    assert anna.memberships.exists()
    rule, _new = ReminderRule.objects.get_or_create(
        group=None, meeting=None, anchor="start", offset=-14 * DAY, audience="no_reply", letter="invitation_unanswered"
    )
    slug = meeting_form(club)[0].split("/")[2]
    address = reverse("meetings:reminders", args=[slug]) if of == "meeting" else "/groups/club/reminders/"
    clients = [signed_in(secretariat(display_name=name)) for name in ("Ada", "Ben")]
    number = next(
        n for n, row in enumerate(clients[0].get(address).context["formset"]) if row["letter"].value() == rule.letter
    )
    typed = [
        filled(each.get(address), **{f"form-{number}-amount": days, "seen": each.get(address).context["seen"]})
        | {"confirmed": "1"}
        for each, days in zip(clients, ("10", "12"), strict=True)
    ]
    answers = at_once(*(lambda c=c, t=t: c.post(address, t) for c, t in zip(clients, typed, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    late = next(n for n, answer in enumerate(answers) if answer.status_code == 200)
    mine, theirs = typed[late][f"form-{number}-amount"], typed[1 - late][f"form-{number}-amount"]
    page: Any = answers[late]
    changes = page.context["changes"]
    assert ([text[:7] for text in changes["removed"]], [text[:7] for text in changes["added"]]) == (
        ["14 days"],
        [f"{theirs} days"],
    )
    assert f"{['Ben', 'Ada'][late]} saved other rules while you were writing" in page.content.decode()
    assert page.context["formset"][number]["amount"].value() == mine
    assert clients[late].post(address, typed[late] | {"seen": page.context["seen"]}).status_code == 302
    own = ReminderRule.objects.get(letter=rule.letter, root__isnull=False)
    assert (own.offset, own.origin) == (-int(mine) * DAY, rule.pk)  # whoever had its letter gets it no second time


def test_one_of_two_who_schedule_the_same_meeting_hears_that_it_is_scheduled(club: WorkingGroup) -> None:
    times: dict[str, Any] = {"starts_at": STARTS, "ends_at": STARTS + HOUR}
    outcomes = at_once(*[lambda: actions.schedule(group=club, by=None, title="Tenth", **times)] * 2)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Meeting", "ScheduledAlready"]
    assert Meeting.objects.count() == 1
