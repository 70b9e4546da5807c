"""Minutes from the first note to the published text, and what nobody may do to them."""

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from history.models import Entry
from meetings import actions
from meetings.actions import minutes as verbs
from meetings.actions import points
from meetings.actions.minutes import ActionLine, DecisionLine, Wording
from meetings.errors import EditedMeanwhile, NothingWritten, WrongState
from meetings.models import ActionPoint, Attendee, Decision, Meeting, Minutes
from meetings.written import presence_in, whole_text_of
from people.models import User
from workinggroups.models import WorkingGroup

pytestmark = pytest.mark.django_db
Plan = Callable[..., Meeting]
AFTER = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def held(plan: Plan) -> Meeting:
    meeting = plan()
    assert actions.mark_held(now=AFTER) == 1
    meeting.refresh_from_db()
    return meeting


@pytest.fixture
def write(held: Meeting, chair: User) -> Callable[..., Minutes]:
    def written(text: str = "## Welcome\nAll came.", *, edit: int = 0, **lines: Any) -> Minutes:
        return verbs.write_minutes(meeting=held, by=chair, wording=Wording(text, **lines), edit=edit, now=AFTER)

    return written


@pytest.fixture
def approved(write: Callable[..., Minutes], chair: User) -> Callable[..., Minutes]:
    def approve(*values: Any, **lines: Any) -> Minutes:
        circulated = verbs.circulate(minutes=write(*values, **lines), by=chair, now=AFTER)
        return verbs.approve(minutes=circulated, by=chair, edit=circulated.edit, now=AFTER + DAY)

    return approve


def rows_of(meeting: Meeting) -> list[tuple[int, str]]:
    return list(meeting.decisions.order_by("position").values_list("position", "text"))


def test_saving_renders_the_text_and_makes_rows_of_the_lines(write: Callable[..., Minutes], anna: User) -> None:
    due = dt.date(2026, 7, 1)
    minutes = write(decisions=[DecisionLine("We meet again.")], actions=[ActionLine("Ask", anna.pk, due)])
    assert (minutes.revision, minutes.state, minutes.edit) == (1, "draft", 1)
    assert minutes.html == "<h3>Welcome</h3>\n<p>All came.</p>"
    assert rows_of(minutes.meeting) == [(1, "We meet again.")]
    assert list(ActionPoint.objects.values_list("text", "owner", "due", "state")) == [("Ask", anna.pk, due, "open")]
    assert minutes.decisions[0]["row"] == Decision.objects.get().pk


def test_a_line_that_moves_keeps_its_row_and_one_that_goes_takes_it_along(write: Callable[..., Minutes]) -> None:
    first = write(decisions=[DecisionLine("One"), DecisionLine("Two"), DecisionLine("Three")])
    one, _two, three = (line["row"] for line in first.decisions)
    write(edit=1, decisions=[DecisionLine("Third", row=three), DecisionLine("One", row=one)])
    assert list(Decision.objects.order_by("position").values_list("pk", "text")) == [(three, "Third"), (one, "One")]


def test_nobody_overwrites_what_somebody_saved_meanwhile(write: Callable[..., Minutes], held: Meeting) -> None:
    write("Mine.")
    with pytest.raises(EditedMeanwhile):
        write("Yours.")
    assert [minutes.text for minutes in held.minutes.all()] == ["Mine."]
    assert write("Both.", edit=1).edit == 2


def test_the_meeting_goes_along_from_held_to_minuted_to_published(
    approved: Callable[..., Minutes], chair: User, held: Meeting
) -> None:
    minutes = approved()
    held.refresh_from_db()
    assert (minutes.state, minutes.approved_by, held.state) == ("approved", chair, "minuted")
    published = verbs.publish(minutes=minutes, by=None, now=AFTER + 2 * DAY)
    held.refresh_from_db()
    assert (published.state, published.published_at, held.state) == ("published", AFTER + 2 * DAY, "published")
    public = Entry.objects.about(held).published().order_by("pk").values_list("verb", flat=True)
    assert list(public) == ["scheduled", "held", "minuted", "published"]


def test_minutes_of_a_meeting_to_come_may_be_drafted_but_not_approved(plan: Plan, chair: User) -> None:
    meeting = plan()
    drafted = verbs.write_minutes(meeting=meeting, by=chair, wording=Wording("Notes."), edit=0)
    circulated = verbs.circulate(minutes=drafted, by=chair)
    with pytest.raises(WrongState, match="once the meeting was held"):
        verbs.approve(minutes=circulated, by=chair, edit=1)


def test_a_draft_of_a_meeting_has_no_minutes(club: WorkingGroup, chair: User) -> None:
    drafted = actions.draft(group=club, by=chair, title="Some day")
    with pytest.raises(WrongState):
        verbs.write_minutes(meeting=drafted, by=chair, wording=Wording("Notes."), edit=0)


def test_empty_minutes_are_not_circulated(write: Callable[..., Minutes], chair: User) -> None:
    with pytest.raises(NothingWritten):
        verbs.circulate(minutes=write("  "), by=chair)


@pytest.mark.parametrize("state", Minutes.State.values)
@pytest.mark.parametrize("wanted", Minutes.State.values)
def test_every_step_that_the_table_leaves_out_is_refused(held: Meeting, state: str, wanted: str) -> None:
    values: dict[str, Any] = {"text": "Something.", "changed_at": AFTER, "state": state}
    if state in Minutes.LOCKED:
        values |= {"approved_at": AFTER, "presence": {"is_taken": False, "present": [], "apologies": []}}
    if state == "published":
        values["published_at"] = AFTER
    minutes = Minutes.objects.create(meeting=held, revision=1, **values)
    do: dict[str, Callable[[], Minutes]] = {
        "draft": lambda: verbs.take_back(minutes=minutes, by=None),
        "for_comment": lambda: verbs.circulate(minutes=minutes, by=None),
        "approved": lambda: verbs.approve(minutes=minutes, by=None, edit=0),
        "published": lambda: verbs.publish(minutes=minutes, by=None),
    }
    if wanted in Minutes.TRANSITIONS[Minutes.State(state)]:
        assert do[wanted]().state == wanted
    else:
        with pytest.raises(WrongState):
            do[wanted]()


def test_only_the_text_that_was_read_is_approved(write: Callable[..., Minutes], chair: User) -> None:
    circulated = verbs.circulate(minutes=write("First."), by=chair)
    write("Second.", edit=1)
    with pytest.raises(EditedMeanwhile, match="changed since you read it"):
        verbs.approve(minutes=circulated, by=chair, edit=1)


def test_comments_are_taken_while_minutes_are_open_for_them(write: Callable[..., Minutes], anna: User) -> None:
    minutes = write()
    with pytest.raises(WrongState):
        verbs.comment(minutes=minutes, by=anna, text="Too early.")
    verbs.circulate(minutes=minutes, by=None)
    verbs.comment(minutes=minutes, by=anna, text=" I was there. ")
    assert list(minutes.comments.values_list("by", "text")) == [(anna.pk, "I was there.")]


@pytest.mark.parametrize(
    "change",
    ["text = 'Other.'", "html = ''", "decisions = '[]'", "state = 'draft', approved_at = NULL", "revision = 9"],
)
def test_approved_minutes_are_locked_against_direct_sql(approved: Callable[..., Minutes], change: str) -> None:
    approved(decisions=[DecisionLine("Kept.")])
    with pytest.raises((IntegrityError, InternalError), match="never change"), transaction.atomic():
        connection.cursor().execute(f"UPDATE meetings_minutes SET {change}")  # noqa: S608 - our own words
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Minutes.objects.all().delete()


def test_a_correction_is_the_next_revision_and_changes_rows_only_when_approved(
    approved: Callable[..., Minutes], write: Callable[..., Minutes], chair: User, anna: User, held: Meeting
) -> None:
    first = approved(decisions=[DecisionLine("Old.")], actions=[ActionLine("Gone"), ActionLine("Stays", anna.pk)])
    kept = first.actions[1]["row"]
    lines = [ActionLine("Stays, better", anna.pk, row=kept)]
    second = write("Corrected.", decisions=[DecisionLine("New.")], actions=lines)
    assert (second.revision, rows_of(held)) == (2, [(1, "Old.")])
    verbs.circulate(minutes=second, by=chair)
    verbs.approve(minutes=second, by=chair, edit=1, now=AFTER + 2 * DAY)
    assert rows_of(held) == [(1, "New.")]
    points_now = ActionPoint.objects.order_by("text").values_list("text", "state", "reason")
    assert list(points_now) == [("Gone", "dropped", verbs.REMOVED), ("Stays, better", "open", "")]
    assert [minutes.text for minutes in held.minutes.order_by("revision")] == ["## Welcome\nAll came.", "Corrected."]


def test_what_is_not_published_is_the_groups_only(
    approved: Callable[..., Minutes], write: Callable[..., Minutes], anna: User, chair: User
) -> None:
    first = approved(decisions=[DecisionLine("Old.")])
    assert not Minutes.objects.visible_to(None).exists()
    assert list(Minutes.objects.visible_to(anna)) == [first]
    assert not Decision.objects.published().exists()
    verbs.publish(minutes=first, by=None)
    assert list(Minutes.objects.visible_to(None)) == [first]
    assert [decision.text for decision in Decision.objects.published()] == ["Old."]
    second = write("Better.", decisions=[DecisionLine("New.")])
    verbs.circulate(minutes=second, by=chair)
    verbs.approve(minutes=second, by=chair, edit=1)
    assert not Decision.objects.published().exists()  # until the correction is public too
    assert Decision.objects.visible_to(anna).count() == 1


def test_an_action_point_is_done_opened_again_and_dropped_for_a_reason(
    write: Callable[..., Minutes], anna: User, chair: User
) -> None:
    write(actions=[ActionLine("Ask", anna.pk)])
    point = points.finish(point=ActionPoint.objects.get(), by=anna, now=AFTER)
    assert (point.state, point.done_on) == ("done", AFTER.date())
    with pytest.raises(WrongState):
        points.drop(point=point, by=chair, reason="No use.")
    points.reopen(point=point, by=anna)
    dropped = points.drop(point=point, by=chair, reason=" No use. ")
    assert (dropped.state, dropped.done_on, dropped.reason) == ("dropped", None, "No use.")
    with pytest.raises(WrongState):
        points.reopen(point=point, by=anna)


def test_open_points_are_carried_into_the_next_agenda_once(
    write: Callable[..., Minutes], plan: Plan, chair: User, held: Meeting
) -> None:
    write(actions=[ActionLine("Ask"), ActionLine("Answer")])
    coming = plan(title="Tenth meeting", starts_at=AFTER + 30 * DAY, ends_at=AFTER + 31 * DAY, now=AFTER)
    actions.set_agenda(meeting=coming, lines=[actions.AgendaLine("Welcome", 5)], by=chair)
    assert [p.text for p in ActionPoint.objects.open().before(coming).order_by("pk")] == ["Ask", "Answer"]
    assert not ActionPoint.objects.before(held).exists()
    item = points.carry_over(meeting=coming, by=chair)
    assert list(coming.agenda.values_list("position", "title")) == [(1, item.title), (2, "Welcome")]
    assert item.notes == ""  # the agenda is public, the points are not
    with pytest.raises(WrongState, match="already"):
        points.carry_over(meeting=coming, by=chair)


# -- who was there ---------------------------------------------------------------------------------------------------
def attended(held: Meeting, *people: User, by: str | None = None) -> None:
    lines = [actions.Attendance(person, attended=True, substitute=by) for person in people]
    actions.record_attendance(meeting=held, by=None, lines=lines, now=AFTER)


def excused(held: Meeting, person: User) -> None:
    said = {"reply": "no", "replied_at": AFTER - DAY}
    Attendee.objects.update_or_create(meeting=held, user=person, defaults=said)


def test_approved_minutes_keep_who_was_there_and_a_correction_takes_todays_list(
    held: Meeting, approved: Callable[..., Minutes], write: Callable[..., Minutes], anna: User, chair: User
) -> None:
    excused(held, chair)
    attended(held, anna, by="Bea Substitute")
    first = approved()
    assert first.presence == {
        "is_taken": True,
        "present": [{"user": anna.pk, "substitute": "Bea Substitute"}],
        "apologies": [{"user": chair.pk, "substitute": ""}],
    }
    attended(held, chair, by="")
    assert presence_in(first, names=True).present.names == ["Anna Példa (in the place: Bea Substitute)"]
    second = write("Corrected.")
    assert (second.presence, len(presence_in(second, names=True).present)) == (None, 2)
    circulated = verbs.circulate(minutes=second, by=chair)
    second = verbs.approve(minutes=circulated, by=chair, edit=circulated.edit)
    assert second.presence
    assert [each["user"] for each in second.presence["present"]] == [anna.pk, chair.pk]
    assert "Apologies: The chair" in whole_text_of(first, names=True)
    assert "Apologies: –" in whole_text_of(second, names=True)


def test_kept_names_are_shown_as_their_owners_allow_today(
    held: Meeting, approved: Callable[..., Minutes], anna: User
) -> None:
    attended(held, anna)
    minutes = approved()
    present = presence_in(minutes, names=False).present
    assert (present.names, present.others) == ([], 1)
    User.objects.filter(pk=anna.pk).update(show_name_publicly=True)
    assert presence_in(minutes, names=False).present.names == ["Anna Példa"]


def test_the_database_keeps_the_list_too(held: Meeting, approved: Callable[..., Minutes]) -> None:
    minutes, empty = approved(), {"is_taken": True, "present": [], "apologies": []}
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic():
        Minutes.objects.filter(pk=minutes.pk).update(presence=empty)
    with pytest.raises(IntegrityError, match="minutes_presence_kept"), transaction.atomic():
        Minutes.objects.create(meeting=held, revision=2, text="Second.", changed_at=AFTER, presence=empty)


FILL = import_module("meetings.migrations.0013_presence_kept").FILL


def test_minutes_approved_before_lists_were_kept_get_todays(
    held: Meeting, approved: Callable[..., Minutes], anna: User, chair: User
) -> None:
    excused(held, chair)
    attended(held, anna, by="Bea Substitute")
    kept = approved().presence
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE meetings_minutes DISABLE TRIGGER minutes_are_kept")
        cursor.execute("UPDATE meetings_minutes SET presence = '{}'")
        cursor.execute(FILL)
        cursor.execute("ALTER TABLE meetings_minutes ENABLE TRIGGER minutes_are_kept")
    assert Minutes.objects.get().presence == kept
