"""The steps of an edition from draft to published, each with its page of confirmation."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from meetings import times
from outcomes import actions, rules
from outcomes.errors import Gone, Refused, WrongState
from outcomes.models import Edition, Publication
from outcomes.step_forms import PublishForm, ReasonForm, StepForm, SubmitForm
from people.models import User
from people.sessions import person
from workinggroups.rules import can_enter

State = Edition.State
Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One verb: who may, from which state, and what the page says."""

    name: str
    to: State
    may: Callable[[object, Edition], bool]
    do: Callable[..., Edition]
    button: Words
    title: Words
    text: Words
    done: Words
    refusal: Words
    form: type[StepForm] | None = None
    danger: bool = False
    is_open: Callable[[Edition], bool] = lambda _edition: True  # beyond the life cycle
    leads_on: bool = True  # towards publication
    so_far: Callable[[Edition, User], str] = lambda _edition, _by: ""  # what the page says besides

    def address(self, edition: Edition) -> str:
        return reverse(f"outcomes:{self.name}", args=[edition.publication.slug, edition.version])

    def is_next(self, edition: Edition) -> bool:
        stays = self.to == edition.state
        return (stays or self.to in Edition.TRANSITIONS[State(edition.state)]) and self.is_open(edition)


def _may_write(user: object, edition: Edition) -> bool:
    return rules.can_write(user, edition.publication)


def _publish(*, edition: Edition, by: User, at: dt.datetime | None) -> Edition:
    """Now, or at its time."""
    if at is None:
        return actions.publish_edition(edition=edition, by=by)
    return actions.schedule(edition=edition, by=by, at=at)


def _set_so_far(edition: Edition, by: User) -> str:
    """The time that was set before, on the clock of who asks: who sets another one should know."""
    if edition.publish_at is None:
        return ""
    set_for = times.point(edition.publish_at, ZoneInfo(by.timezone))
    return _("It is to appear on %(at)s already; what you choose here takes the place of that.") % {"at": set_for}


def _said_so_far(edition: Edition, _by: User) -> str:
    """How many people of the group commented since the edition went to review."""
    said = edition.comments.filter(at__gte=edition.submitted_at).aggregate(n=Count("by", distinct=True))["n"]
    if not said:
        return _("Nobody has commented yet.")
    return ngettext("%(n)s person has commented.", "%(n)s people have commented.", said) % {"n": said}


STEPS = {
    step.name: step
    for step in (
        Step(
            name="submit",
            to=State.IN_REVIEW,
            may=_may_write,
            do=actions.submit,
            button=gettext_lazy("Send to review"),
            title=gettext_lazy("Send this edition to review?"),
            text=gettext_lazy(
                "The leader of the group signs it off, a second person approves it. Its text does not change meanwhile."
            ),
            done=gettext_lazy("The edition is in review."),
            refusal=gettext_lazy("Only leaders and rapporteurs of the group and the secretariat send it to review."),
            form=SubmitForm,
            is_open=lambda edition: edition.state == State.READY,
        ),
        Step(
            name="end_comments",
            to=State.IN_REVIEW,
            may=rules.can_end_comments,
            do=actions.end_comments,
            button=gettext_lazy("End the comments"),
            title=gettext_lazy("End the time for comments now?"),
            text=gettext_lazy(
                "Members were told that they have more time. What was said stays; nobody can add to it, and the "
                "edition can be approved."
            ),
            done=gettext_lazy("The time for comments is over."),
            refusal=gettext_lazy("A leader of the group or the secretariat ends the time for comments. Ask one."),
            leads_on=False,
            is_open=lambda edition: edition.state == State.IN_REVIEW and rules.comments_open(edition, timezone.now()),
            so_far=_said_so_far,
        ),
        Step(
            name="sign_off",
            to=State.IN_REVIEW,
            may=rules.can_sign_off,
            do=actions.sign_off,
            button=gettext_lazy("Sign off"),
            title=gettext_lazy("Sign this edition off?"),
            text=gettext_lazy("You confirm for the group that it says what the group means. Then it can be approved."),
            done=gettext_lazy("You have signed the edition off. A second person approves it now."),
            refusal=gettext_lazy("A leader of the group signs its publications off, once."),
            is_open=lambda edition: edition.signed_off_at is None and edition.state == State.IN_REVIEW,
        ),
        Step(
            name="approve",
            to=State.APPROVED,
            may=rules.can_approve,
            do=actions.approve,
            button=gettext_lazy("Approve"),
            title=gettext_lazy("Approve this edition?"),
            text=gettext_lazy("You confirm that you have read it and that it may be published as it is."),
            done=gettext_lazy("The edition is approved. The secretariat can publish it."),
            refusal=gettext_lazy(
                "A leader of the group or the secretariat approves after the leader’s sign-off, but not the person "
                "who sent it to review or signed it off. Ask one of the others."
            ),
        ),
        Step(
            name="return",
            to=State.DRAFT,
            may=rules.can_return,
            do=actions.return_to_draft,
            button=gettext_lazy("Send back"),
            title=gettext_lazy("Send this edition back?"),
            text=gettext_lazy("It becomes a draft again. Say what should change."),
            done=gettext_lazy("The edition is a draft again."),
            refusal=gettext_lazy("Only those who write or approve for this group can send it back."),
            form=ReasonForm,
            leads_on=False,
        ),
        Step(
            name="publish",
            to=State.PUBLISHED,
            may=rules.can_publish,
            do=_publish,
            button=gettext_lazy("Publish"),
            title=gettext_lazy("Publish this edition?"),
            text=gettext_lazy("Everybody can read it then. It never changes again; a correction is a new edition."),
            done=gettext_lazy("The edition is published."),
            refusal=gettext_lazy("Publishing is the secretariat’s step. Write to it when the edition should appear."),
            form=PublishForm,
            so_far=_set_so_far,
        ),
        Step(
            name="keep_back",
            to=State.APPROVED,
            may=rules.can_publish,
            do=actions.unschedule,
            button=gettext_lazy("Keep back"),
            title=gettext_lazy("Keep this edition back?"),
            text=gettext_lazy("It does not appear at its time. It stays approved; you can set another time."),
            done=gettext_lazy("The edition is kept back."),
            refusal=gettext_lazy("Publishing is the secretariat’s step."),
            form=ReasonForm,
            leads_on=False,
            is_open=lambda edition: edition.publish_at is not None and edition.state == State.APPROVED,
        ),
        Step(
            name="withdraw",
            to=State.WITHDRAWN,
            may=rules.can_withdraw,
            do=actions.withdraw,
            button=gettext_lazy("Withdraw"),
            title=gettext_lazy("Withdraw this edition?"),
            text=gettext_lazy("Its text and files disappear for everybody. The page stays, with your reason on it."),
            done=gettext_lazy("The edition is withdrawn."),
            refusal=gettext_lazy("Withdrawing is the secretariat’s step. Write to it and say why."),
            form=ReasonForm,
            danger=True,
        ),
    )
}


def steps_for(user: User, edition: Edition) -> list[Step]:
    """What this person may do with the edition now."""
    return [step for step in STEPS.values() if step.is_next(edition) and step.may(user, edition)]


def edition_of(user: object, slug: str, version: int) -> Edition:
    """The edition for somebody who works on it; see `check_writer`."""
    visible = Edition.objects.visible_to(user).select_related("publication")
    edition = get_object_or_404(visible, publication__slug=slug, version=version)
    check_writer(user, edition.publication)
    return edition


def check_writer(user: object, publication: Publication) -> None:
    """A stranger gets 404; whoever only belongs to the group, the reason (403)."""
    if rules.can_write(user, publication):
        return
    if any(can_enter(user, group) for group in publication.groups.all()):
        raise PermissionDenied(_("Leaders and rapporteurs of the group and the secretariat work on its publications."))
    raise Http404


def take_step(request: HttpRequest, slug: str, version: int, name: str) -> HttpResponse:
    """GET asks once more, POST does it."""
    edition, step = edition_of(request.user, slug, version), STEPS[name]
    if not step.is_next(edition):
        state = State(edition.state).label
        return turned_back(request, edition, WrongState(_("The edition is %(state)s now.") % {"state": state}))
    if not step.may(request.user, edition):
        raise PermissionDenied(str(step.refusal))
    form = step.form(request.POST if request.method == "POST" else None, person=person(request)) if step.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _do(request, edition, step, form)
    return _confirm(request, edition, step, form)


def _do(request: HttpRequest, edition: Edition, step: Step, form: StepForm | None) -> HttpResponse:
    try:
        done = step.do(edition=edition, by=request.user, **(form.cleaned_data if form else {}))
    except Refused as refusal:
        if form is None:
            return turned_back(request, edition, refusal)
        form.add_error(None, str(refusal))
        return _confirm(request, edition, step, form)
    messages.success(request, _appears(done, form) or str(step.done))
    return redirect(edition)


def _appears(edition: Edition, form: StepForm | None) -> str:
    """When, on the clock of who set it; empty for what appears at once, or never."""
    if form is None or edition.state != State.APPROVED or edition.publish_at is None:
        return ""
    return _("The edition appears on %(at)s.") % {"at": times.point(edition.publish_at, form.zone)}


def turned_back(request: HttpRequest, edition: Edition, refusal: Refused) -> HttpResponse:
    """Say why on the page of the edition; where that is gone, on what is left."""
    messages.error(request, str(refusal))
    return what_is_left(request.user, edition.publication.slug) if isinstance(refusal, Gone) else redirect(edition)


def what_is_left(user: object, slug: str) -> HttpResponse:
    """The other editions of a publication, or the list where it went with its only one."""
    return redirect(Publication.objects.visible_to(user).filter(slug=slug).first() or "outcomes:list")


def _confirm(request: HttpRequest, edition: Edition, step: Step, form: StepForm | None) -> HttpResponse:
    context = {
        "title": step.title,
        "text": " ".join(filter(None, (f"{edition.title}.", step.so_far(edition, person(request)), str(step.text)))),
        "submit": step.button,
        "danger": step.danger,
        "form": form,
        "cancel_url": reverse("outcomes:edition", args=[edition.publication.slug, edition.version]),
    }
    return render(request, "pages/confirm.html", context)
