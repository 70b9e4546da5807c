"""What can be wrong about a group or a membership is a constraint, and its error stands beside a field."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests import factories
from workinggroups.models import Invitation, Membership, WorkingGroup

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 1, 1)


def membership(**values: object) -> Membership:
    defaults = {"user": factories.user(), "group": factories.group(), "started_on": DAY}
    return Membership(**(defaults | values))


def test_a_person_has_one_active_membership_in_a_group() -> None:
    group = factories.group()
    person = factories.member(group)
    with pytest.raises(ValidationError) as refused:
        membership(user=person, group=group).full_clean()
    assert "This person is already a member of the group." in refused.value.messages
    with pytest.raises(IntegrityError, match="membership_one_active"):
        membership(user=person, group=group).save()


def test_a_person_may_belong_to_two_groups_and_come_back_to_one() -> None:
    first = membership(status="ended", ended_on=dt.date(2024, 6, 1))
    first.save()
    membership(user=first.user, group=first.group, started_on=dt.date(2024, 6, 1)).save()
    membership(user=first.user).save()
    assert Membership.objects.filter(user=first.user).count() == 3


def test_periods_of_one_person_in_one_group_do_not_overlap() -> None:
    first = membership(status="ended", ended_on=dt.date(2024, 6, 1))
    first.save()
    again = membership(user=first.user, group=first.group, started_on=dt.date(2024, 5, 31))
    with pytest.raises(ValidationError) as refused:
        again.full_clean()
    assert refused.value.messages == ["This person was already a member of the group in this period."]
    with pytest.raises(IntegrityError, match="membership_no_overlap"):
        again.save()


def test_reversed_dates_are_an_error_of_the_field_and_no_failure_of_the_database() -> None:
    reversed_dates = membership(status="ended", ended_on=dt.date(2023, 12, 31))
    with pytest.raises(ValidationError) as refused:
        reversed_dates.full_clean()
    assert refused.value.message_dict == {"ended_on": ["The membership must not end before it begins."]}


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": "ended"}, "membership_status_by_end"),
        ({"status": "active", "ended_on": dt.date(2024, 2, 1)}, "membership_status_by_end"),
        ({"role": "king"}, "membership_role_known"),
    ],
)
def test_the_database_refuses_a_membership_that_cannot_be(values: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        membership(**values).save()


def test_a_mandate_ends_after_it_begins() -> None:
    group = WorkingGroup(slug="g", name="G", mandate_from=DAY, mandate_until=DAY)
    with pytest.raises(ValidationError, match="The mandate must end after it begins"):
        group.full_clean()


@pytest.mark.parametrize("text", ["2023-13", "June 2023", "2023-06-32", "23"])
def test_a_kick_off_is_a_year_a_month_or_a_day(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        WorkingGroup(slug="g", name="G", kicked_off=text).full_clean()
    assert "kicked_off" in refused.value.message_dict


@pytest.mark.parametrize(
    ("text", "shown"), [("2023", "2023"), ("2023-06", "June 2023"), ("2023-06-08", "8 June 2023"), ("", "")]
)
def test_a_kick_off_is_shown_as_exactly_as_it_is_known(text: str, shown: str) -> None:
    assert WorkingGroup(kicked_off=text).kicked_off_text == shown


def test_a_name_leads_to_one_group_only() -> None:
    factories.group(slug="first", aliases=["Interregional Cooperation"])
    for name in ("First", "interregional cooperation"):
        with pytest.raises(ValidationError, match="leads to the group"):
            WorkingGroup(slug="second", name="Second", aliases=[name]).full_clean()


def test_one_open_invitation_for_a_person_and_a_group() -> None:
    group, by = factories.group(), factories.secretariat()
    values = {"group": group, "invited_by": by, "expires_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}
    Invitation.objects.create(email="a@example.org", **values)
    with pytest.raises(IntegrityError, match="invitation_one_pending"):
        Invitation.objects.create(email="A@example.org", **values)


def test_names_are_ordered_as_people_expect() -> None:
    group = factories.group()
    for name in ("Zoe", "Łukasz", "Ángel", "Bert", "lena", "Žofia"):
        factories.member(group, display_name=name)
    ordered = [str(member.user) for member in group.memberships.by_name()]
    assert ordered == ["Ángel", "Bert", "lena", "Łukasz", "Zoe", "Žofia"]
