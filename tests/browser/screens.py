"""Every page template of the site, with the address, the reader and the state in which it is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from challenges.actions import Plan, create_round, open_room, open_round
from challenges.models import LiveRoom, RankingRound
from meetings import actions as meetings
from meetings.models import Meeting, Registration, Webinar
from meetings.registration_tokens import token_of as token_of_registration
from meetings.tokens import token_of as token_of_reply
from notices.tokens import token_of as token_of_letters
from outcomes import actions
from outcomes.actions.following import Wish, follow
from outcomes.models import Edition, Reference
from outcomes.tokens import token_of as follower_token
from people.models import User
from tests.world import World, build_world
from workinggroups import actions as groups
from workinggroups.models import Invitation
from workinggroups.tokens import token_of

# Extended or included by pages, never seen as they are.
FRAMES = {
    "account/verified_email_required.html",  # of a decorator that no view of ours uses
    "account/base_reauthenticate.html",
    "account/password_reset_help_text.html",
    "allauth/layouts/base.html",
    "allauth/layouts/entrance.html",
    "allauth/layouts/manage.html",
    "bare.html",
    "base.html",
}
FRAGMENTS = ("parts", "charts", "mail", "outcomes/article", "django")  # folders
READERS = ("member", "leader", "secretariat", "outsider", "no-password")
MEMBER, LEADER, OFFICE, OUTSIDER, NO_PASSWORD = (f"{who}@example.org" for who in READERS)
STATES = ("building", "failed", "ready", "approved", "withdrawn")
LETTER = "20260101-120000-letter"
RANKED = "mapping"  # a cluster that was ranked and is not in focus


@dataclass(frozen=True)
class Scenery:
    """The world of the access table, with an edition in every state, and one more invitation."""

    world: World
    editions: dict[str, Edition]
    to_newcomer: Invitation
    to_outsider: Invitation
    room: LiveRoom
    on_a_text: RankingRound
    in_series: Meeting
    registration: Registration


@dataclass(frozen=True)
class Screen:
    """A page: its template, the name of its address with what fills it, who reads it and what it answers."""

    template: str
    name: str
    fill: Callable[[Scenery], list[object]] = lambda _: []
    reader: str = ""
    status: int = 200
    query: str = ""

    def address(self, scenery: Scenery) -> str:
        return reverse(self.name, args=self.fill(scenery)) + self.query

    def __str__(self) -> str:
        who = self.reader.partition("@")[0] or "anybody"
        return "-".join([self.name, who, *(["query"] if self.query else []), str(self.status)])


def scenery() -> Scenery:
    """Complete the demo community, which has been loaded."""
    world = build_world()
    User.objects.create_user(email=NO_PASSWORD, display_name="Nova Newcomer")
    invitation = groups.invite(group=world.group, email=OUTSIDER, role="member", by=world.secretariat)
    return Scenery(
        world=world,
        editions={state: _edition(world, state) for state in STATES},
        to_newcomer=world.invitation,
        to_outsider=invitation,
        room=open_room(round=world.open, by=world.leader),
        on_a_text=_on_a_text(world),
        in_series=_in_series(world),
        registration=_registration(),
    )


def minutes(scene: Scenery) -> list[object]:
    return [scene.world.minutes.meeting.slug]


def paper(scene: Scenery) -> list[object]:
    return [scene.world.meeting.slug, scene.world.paper.pk]


def in_comment(scene: Scenery) -> list[object]:
    return [scene.world.in_comment.meeting.slug, scene.world.in_comment.revision]


def _on_a_text(world: World) -> RankingRound:
    """Return an open round that asks yes or no."""
    question, answers = "We ask for one call a year.", ["Yes", "No"]
    plan = Plan(group=world.group, title="A letter", question=question, options=[], wordings=answers)
    return open_round(round=create_round(plan=plan, by=world.leader), by=world.leader)


def _in_series(world: World) -> Meeting:
    """Return the first of two meetings that nobody is invited to."""
    starts = [timezone.now() + timedelta(days=200 + days) for days in (0, 180)]
    slots = [meetings.Slot(start, start + timedelta(hours=2)) for start in starts]
    plan = meetings.Plan(world.group, "Half-yearly", "FREQ=MONTHLY;INTERVAL=6;COUNT=2")
    series = meetings.plan_series(plan=plan, slots=slots, by=world.leader, invite=False)
    return series.meetings.order_by("starts_at")[0]


def _registration() -> Registration:
    """Return the wish of somebody without an account to come to a webinar."""
    visitor = meetings.Visitor("Anne Outside", "anne@example.org", "A cluster", "Who pays for it?")
    return meetings.register(webinar=Webinar.objects.get(slug="mirror-calls-in-practice"), visitor=visitor)


def _edition(world: World, state: str) -> Edition:
    """Return an edition in this state, built from a published round."""
    title, by = f"An edition that is {state}", world.leader
    report = actions.start_publication(slug=actions.free_slug(title), kind="report", groups=[world.group], by=by)
    planned = actions.plan_edition(
        publication=report, sources=[world.published], by=by, title=title, abstract="What it says.",
        plain_summary="In plain words.", language="en", licence="CC-BY-4.0",
    )  # fmt: skip
    asked = actions.request_build(edition=planned, by=by)
    if state == "failed":
        words = "No font has this character."
        Edition.objects.filter(pk=asked.pk).update(state=state, build_step=3, build_error=words)
    if state in {"building", "failed"}:
        return Edition.objects.get(pk=asked.pk)
    return _past_review(actions.build_edition(asked.pk), world, state)


def _past_review(edition: Edition, world: World, state: str) -> Edition:
    if state != "ready":
        edition = actions.submit(edition=edition, by=world.leader)
        edition = actions.approve(edition=edition, by=world.secretariat)
    if state == "withdrawn":
        edition = actions.publish_edition(edition=edition, by=world.secretariat)
        edition = actions.withdraw(edition=edition, by=world.secretariat, reason="A figure was wrong.")
    return edition


def group(scene: Scenery) -> list[object]:
    return [scene.world.group.slug]


def meeting(scene: Scenery) -> list[object]:
    return [scene.world.meeting.slug]


def past_meeting(scene: Scenery) -> list[object]:
    return [scene.world.group.meetings.filter(state="published").order_by("-pk")[0].slug]


def answering(scene: Scenery) -> list[object]:
    return [token_of_reply(scene.world.meeting.attendees.get(user=scene.world.member))]


def round_(name: str) -> Callable[[Scenery], list[object]]:
    return lambda scene: [getattr(scene.world, name).pk]


def edition(state: str) -> Callable[[Scenery], list[object]]:
    return lambda scene: [scene.editions[state].publication.slug, scene.editions[state].version]


def shelved(scene: Scenery) -> list[object]:
    return [scene.world.shelved.publication.slug, scene.world.shelved.version]


def membership(scene: Scenery) -> list[object]:
    return [scene.world.group.slug, scene.world.membership.pk]


def invited(name: str) -> Callable[[Scenery], list[object]]:
    return lambda scene: [token_of(getattr(scene, name))]


def token_of_follower() -> str:
    return follower_token(follow(wish=Wish("reader@example.org", None, None, "each", "en")))


def coming_webinar(_: Scenery) -> list[object]:
    return ["mirror-calls-in-practice"]


def wanting(scene: Scenery) -> list[object]:
    return [token_of_registration(scene.registration)]


def past_webinar(_: Scenery) -> list[object]:
    return ["capacity-to-funding"]


def reference(_: Scenery) -> list[object]:
    return [Reference.objects.order_by("citekey").values_list("citekey", flat=True)[0]]


def cluster(_: Scenery) -> list[object]:
    return ["capacity"]


SCREENS = [
    # pages that gather
    Screen("pages/home.html", "s3cop:home"),
    Screen("pages/privacy.html", "s3cop:privacy"),
    Screen("pages/accessibility.html", "s3cop:accessibility"),
    Screen("pages/search.html", "s3cop:search", query="?q=capacity"),
    Screen("pages/styleguide.html", "s3cop:styleguide"),
    Screen("pages/mailbox.html", "s3cop:mailbox"),
    Screen("pages/letter.html", "s3cop:letter", lambda _: [LETTER]),
    Screen("pages/dashboard.html", "s3cop:dashboard", reader=MEMBER),
    Screen("pages/dashboard.html", "s3cop:dashboard", reader=OUTSIDER),
    Screen("pages/desk.html", "s3cop:desk", reader=OFFICE),
    # letters
    Screen("notices/preferences.html", "notices:preferences", reader=MEMBER),
    Screen("notices/unsubscribe.html", "notices:unsubscribe", lambda s: [token_of_letters(s.world.member, ["round"])]),
    Screen("notices/outbox.html", "notices:outbox", reader=OFFICE),
    Screen("notices/outbox.html", "notices:outbox", reader=OFFICE, query="?state=failed"),
    Screen("notices/catalogue.html", "notices:catalogue", reader=OFFICE),
    Screen("notices/specimen.html", "notices:specimen", lambda _: ["meetings.meeting_soon"], OFFICE),
    # groups
    Screen("workinggroups/list.html", "workinggroups:list"),
    Screen("workinggroups/detail.html", "workinggroups:detail", group),
    Screen("workinggroups/detail.html", "workinggroups:detail", group, OFFICE),
    Screen("workinggroups/members.html", "workinggroups:members", group, LEADER),
    Screen("pages/form.html", "workinggroups:edit", group, OFFICE),
    Screen("pages/form.html", "workinggroups:new", reader=OFFICE),
    Screen("pages/form.html", "workinggroups:invite", group, LEADER),
    Screen("pages/confirm.html", "workinggroups:end", membership, LEADER),
    Screen("pages/confirm.html", "workinggroups:pause", membership, LEADER),
    Screen("workinggroups/join.html", "workinggroups:join", lambda scene: [token_of(scene.world.invitation)]),
    Screen("workinggroups/join_account.html", "workinggroups:join", invited("to_outsider"), OUTSIDER),
    Screen("workinggroups/join_refused.html", "workinggroups:join", lambda _: ["forged.word"], status=404),
    # meetings
    Screen("meetings/list.html", "meetings:list"),
    Screen("meetings/detail.html", "meetings:detail", meeting),
    Screen("meetings/detail.html", "meetings:detail", meeting, OFFICE),
    Screen("meetings/form.html", "meetings:new", reader=OFFICE),
    Screen("meetings/series_form.html", "meetings:series_new", reader=LEADER),
    Screen("meetings/series_edit.html", "meetings:series_edit", lambda scene: [scene.in_series.slug], LEADER),
    Screen("meetings/webinars.html", "meetings:webinars"),
    Screen("meetings/webinar.html", "meetings:webinar", coming_webinar),
    Screen("meetings/webinar.html", "meetings:webinar", past_webinar, OFFICE),
    Screen("meetings/webinar_form.html", "meetings:webinar_new", reader=OFFICE),
    Screen("meetings/webinar_afterwards.html", "meetings:webinar_afterwards", past_webinar, OFFICE),
    Screen("meetings/webinar_register.html", "meetings:webinar_register", coming_webinar),
    Screen("meetings/webinar_registrations.html", "meetings:webinar_registrations", coming_webinar, OFFICE),
    Screen(
        "meetings/registration.html", "meetings:registration", lambda scene: [token_of_registration(scene.registration)]
    ),
    Screen("meetings/record.html", "meetings:record", reader=LEADER),
    Screen("meetings/poll_form.html", "meetings:poll_new", lambda _: ["ic-2027-spring"], LEADER),
    Screen("meetings/poll.html", "meetings:poll", lambda _: ["ic-2027-spring"], MEMBER),
    Screen("meetings/poll.html", "meetings:poll", lambda _: ["ic-2027-spring"], LEADER),
    Screen("meetings/reply.html", "meetings:reply", meeting, MEMBER),
    Screen("meetings/reply_link.html", "meetings:reply_link", answering),
    Screen("meetings/attendance.html", "meetings:attendance", past_meeting, LEADER),
    Screen("meetings/reminders.html", "meetings:reminders", meeting, OFFICE),
    Screen("meetings/group_reminders.html", "meetings:group_reminders", group, LEADER),
    Screen("meetings/site_reminders.html", "meetings:site_reminders", reader=OFFICE),
    Screen("meetings/write_to.html", "meetings:reminders_ask", meeting, LEADER),
    Screen("meetings/reply_refused.html", "meetings:reply_link", lambda _: ["forged.word"], status=404),
    Screen("pages/confirm.html", "meetings:cancel", meeting, LEADER),
    Screen("meetings/minutes.html", "meetings:minutes", minutes),
    Screen("meetings/minutes.html", "meetings:minutes_revision", in_comment, MEMBER),
    Screen("meetings/minutes_changes.html", "meetings:minutes_changes", in_comment, MEMBER),
    Screen("meetings/minutes_form.html", "meetings:minutes_write", minutes, LEADER),
    Screen("meetings/minutes_step.html", "meetings:minutes_step", lambda s: [*in_comment(s), "approve"], LEADER),
    Screen("meetings/agenda.html", "meetings:agenda", meeting, MEMBER),
    Screen("meetings/agenda_form.html", "meetings:agenda_edit", meeting, LEADER),
    Screen("meetings/live.html", "meetings:live", meeting, MEMBER),
    Screen("meetings/live_run.html", "meetings:live_run", meeting, LEADER),
    Screen("meetings/materials_form.html", "meetings:paper_new", meeting, LEADER),
    Screen("meetings/materials_form.html", "meetings:paper_edit", paper, LEADER),
    Screen("pages/confirm.html", "meetings:paper_withdraw", paper, LEADER),
    Screen("meetings/action_points.html", "meetings:actions", reader=MEMBER),
    Screen("meetings/action_point.html", "meetings:action", lambda scene: [scene.world.point.pk], MEMBER),
    # challenges and rounds
    Screen("challenges/list.html", "challenges:list"),
    Screen("challenges/list.html", "challenges:list", reader=LEADER),
    Screen("challenges/detail.html", "challenges:detail", cluster),
    Screen("challenges/detail.html", "challenges:detail", cluster, LEADER),
    Screen("challenges/detail.html", "challenges:detail", cluster, MEMBER),
    Screen("challenges/form.html", "challenges:new", reader=LEADER),
    Screen("challenges/form.html", "challenges:split", lambda _: [RANKED], LEADER),
    Screen("challenges/form.html", "challenges:merge", lambda _: [RANKED], LEADER),
    Screen("pages/form.html", "challenges:agenda", cluster, LEADER),
    Screen("challenges/choose_group.html", "challenges:new", reader=OFFICE),
    Screen("challenges/round_form.html", "challenges:round_new", reader=LEADER),
    Screen("challenges/turnout.html", "challenges:round", round_("open"), MEMBER),
    Screen("challenges/turnout.html", "challenges:round", round_("draft"), LEADER),
    Screen("challenges/open.html", "challenges:open", round_("draft"), LEADER),
    Screen("challenges/ballot.html", "challenges:ballot", round_("open"), MEMBER),
    Screen("challenges/text_ballot.html", "challenges:ballot", lambda scene: [scene.on_a_text.pk], MEMBER),
    Screen("challenges/statement.html", "challenges:statement", round_("closed"), MEMBER),
    Screen("challenges/paper.html", "challenges:paper", round_("open"), OFFICE),
    Screen("challenges/room.html", "challenges:room", round_("open"), LEADER),
    Screen("challenges/live.html", "challenges:live", lambda scene: [scene.room.code]),
    Screen("challenges/recap.html", "challenges:recap", round_("published"), MEMBER),
    Screen("challenges/result.html", "challenges:round", round_("published")),
    Screen("challenges/result.html", "challenges:round", round_("closed"), OFFICE),
    Screen("pages/form.html", "challenges:focus", round_("undecided"), LEADER),
    Screen("pages/confirm.html", "challenges:publish", round_("closed"), OFFICE),
    # outcomes
    Screen("outcomes/list.html", "outcomes:list"),
    Screen("outcomes/list.html", "outcomes:list", query="?q=xyzzy&region=BE"),
    Screen("outcomes/detail.html", "outcomes:edition", shelved),
    Screen("outcomes/detail.html", "outcomes:edition", edition("ready"), LEADER),
    Screen("outcomes/withdrawn.html", "outcomes:edition", edition("withdrawn")),
    Screen("outcomes/gone.html", "outcomes:download", lambda scene: [*edition("withdrawn")(scene), "pdf"], status=410),
    Screen("outcomes/preview.html", "outcomes:preview", edition("ready"), LEADER),
    Screen("outcomes/changes.html", "outcomes:changes", shelved),
    Screen("outcomes/build.html", "outcomes:build", edition("building"), LEADER),
    Screen("outcomes/build.html", "outcomes:build", edition("failed"), OFFICE),
    Screen("outcomes/templates.html", "outcomes:new", reader=OFFICE),
    Screen("outcomes/records.html", "outcomes:new_records", lambda _: ["round"], OFFICE),
    Screen("outcomes/form.html", "outcomes:new_words", lambda _: ["round"], OFFICE),
    Screen("pages/form.html", "outcomes:follow"),
    Screen("outcomes/follow_asked.html", "outcomes:follow_asked"),
    Screen("outcomes/following.html", "outcomes:following", lambda _: [token_of_follower()]),
    Screen("outcomes/follow_gone.html", "outcomes:following", lambda _: ["forged"], status=404),
    Screen("outcomes/references.html", "outcomes:references"),
    Screen("outcomes/references.html", "outcomes:references", reader=OFFICE),
    Screen("pages/form.html", "outcomes:reference_import", reader=OFFICE),
    Screen("pages/confirm.html", "outcomes:reference_remove", reference, OFFICE),
    Screen("pages/confirm.html", "outcomes:publish", edition("approved"), OFFICE),
    Screen("pages/confirm.html", "outcomes:discard", edition("failed"), LEADER),
    # accounts
    Screen("people/account.html", "people:account", reader=MEMBER),
    Screen("account/login.html", "account_login"),
    Screen("account/logout.html", "account_logout", reader=MEMBER),
    Screen("account/signup_closed.html", "account_signup"),
    Screen("account/account_inactive.html", "account_inactive"),
    Screen("account/verification_sent.html", "account_email_verification_sent"),
    Screen("account/email.html", "account_email", reader=MEMBER),
    Screen("account/email_confirm.html", "account_confirm_email", lambda _: ["forged"]),
    Screen("account/password_change.html", "account_change_password", reader=MEMBER),
    Screen("account/password_set.html", "account_set_password", reader=NO_PASSWORD),
    Screen("account/password_reset.html", "account_reset_password"),
    Screen("account/password_reset_done.html", "account_reset_password_done"),
    Screen("account/password_reset_from_key.html", "account_reset_password_from_key", lambda _: ["1", "forged"]),
    Screen("account/password_reset_from_key_done.html", "account_reset_password_from_key_done"),
    Screen("account/reauthenticate.html", "account_reauthenticate", reader=MEMBER),
    # errors
    Screen("404.html", "meetings:detail", lambda _: ["no-such-meeting"], status=404),
    Screen("403.html", "workinggroups:invite", group, MEMBER, 403),
    Screen("400.html", "outcomes:list", status=400, query="?" + "a&" * 1100),
]
# Pages that only come after something was done; the test that does it looks them over.
REACHED_BY_DEEDS = {
    "meetings/webinar_asked.html": "test_webinar_pages.py",
    "meetings/rules_confirm.html": "test_meeting_tools.py",
    "403_csrf.html": "test_screens.py",
    "people/send_again.html": "test_screens.py",
    "429.html": "test_screens.py",
    "500.html": "test_screens.py",
    "challenges/closed.html": "test_ballot.py",
}


def page_templates() -> set[str]:
    """Return the names of all templates that are pages."""
    folder = settings.BASE_DIR / "templates"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html") if not path.name.startswith("_")}
    return {name for name in names - FRAMES if not name.startswith(FRAGMENTS)}
