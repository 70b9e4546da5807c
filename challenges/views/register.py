"""The public register: the list in rank order, a challenge's page, and adding, editing, moving."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from challenges import actions, results, rules, standing, trace
from challenges.errors import Refused
from challenges.filters import ChallengeFilter
from challenges.forms import ChallengeForm, ReasonForm
from challenges.models import Challenge, RoundOption
from challenges.views.doors import confirmed, hidden, not_yours, person, posted, refuse, viewer
from history.models import Entry
from people.models import User
from workinggroups.models import Membership, WorkingGroup
from workinggroups.rules import can_enter

Status = Challenge.Status


@login_not_required
def register(request: HttpRequest) -> HttpResponse:
    """Clusters by group, in the order of the latest round that ranked them, with the rounds of the group."""
    reader = viewer(request)
    everything = Challenge.objects.visible_to(reader).exclude(status=Status.MERGED).select_related("group")
    wanted = ChallengeFilter(request.GET, everything.order_by("group", "position", "pk"))
    sections = standing.sections(list(wanted.qs), standing.listed_rounds(reader))
    context = {
        "filter": wanted,
        "sections": sections,
        "clusters": sum(len(section.standings) for section in sections),
        "proposes_in": list(own_groups(reader)) if reader else [],
    }
    return render(request, "challenges/list.html", context)


def own_groups(user: User, roles: Any = rules.PROPOSING) -> QuerySet[WorkingGroup]:
    """The groups in which the person holds one of the roles; for the secretariat all of them."""
    active = WorkingGroup.objects.active().order_by("name", "pk")
    if user.is_secretariat:
        return active
    held = Membership.objects.active().filter(user=user, role__in=roles)
    return active.filter(pk__in=held.values("group"))


@login_not_required
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    reader = viewer(request)
    known = Challenge.objects.filter(slug=slug).select_related("group", "parent", "merged_into")
    challenge = known.filter(pk__in=Challenge.objects.visible_to(reader)).first()
    if challenge is None:
        return hidden(request, known)
    if challenge.merged_into:
        return redirect(challenge.merged_into)
    entries = list(Entry.objects.about(challenge).published().select_related("by").order_by("at", "pk"))
    places = _places(challenge)
    context: dict[str, Any] = {
        "challenge": challenge,
        "subdimensions": list(challenge.subdimensions.visible_to(reader).exclude(status=Status.MERGED)),
        "steps": trace.steps(challenge, entries),
        "log": trace.log(entries),
        "places": places,
        "reports": _reports(challenge),
        "names": reader is not None and can_enter(reader, challenge.group),
        "can_edit": reader is not None and rules.can_edit(reader, challenge),
    }
    context["moves"] = actions.next_by_hand(challenge) if context["can_edit"] else []
    return render(request, "challenges/detail.html", context)


def _places(challenge: Challenge) -> list[dict[str, Any]]:
    """The published rounds that asked about the challenge, latest first, with its place in each."""
    asked = RoundOption.objects.filter(challenge=challenge, round__state="published")
    found = []
    for option in asked.select_related("round__result").order_by("-round__published_at", "-pk"):
        shown = results.shown(option.round)
        own = next(own for own in shown.options if own.id == option.pk) if shown else None
        found.append({"round": option.round, "own": own, "result": shown})
    return found


def _reports(challenge: Challenge) -> QuerySet[Any]:
    """Publications on this challenge, with the title of the edition in print."""
    in_print = challenge.publications.filter(editions__state="published").annotate(title=F("editions__title"))
    latest_first: QuerySet[Any] = in_print.order_by("-editions__published_at", "pk")
    return latest_first


def new(request: HttpRequest) -> HttpResponse:
    """Propose a challenge, or add one; the group comes with the address, or is the only one."""
    user = person(request)
    group = chosen_group(request, own_groups(user))
    if isinstance(group, HttpResponse):
        return group
    steers = rules.can_run(user, group)
    form = ChallengeForm(posted(request), group=group, steers=steers, parent=request.GET.get("cluster", ""))
    if request.method == "POST" and form.is_valid():
        status = Status.IDENTIFIED if steers else Status.PROPOSED
        challenge = actions.add_challenge(entry=form.entry(), status=status, by=user)
        said = _("“%s” stands in the register.") if steers else _("“%s” is proposed. The leaders of the group decide.")
        messages.success(request, said % challenge)
        return redirect(challenge)
    page = {
        "title": _("Add a challenge") if steers else _("Propose a challenge"),
        "overline": group.name,
        "submit": _("Add") if steers else _("Propose"),
    }
    return render(request, "challenges/form.html", {"form": form, **page})


def chosen_group(request: HttpRequest, groups: QuerySet[WorkingGroup], lede: str = "") -> WorkingGroup | HttpResponse:
    """Return the group named in the address or the only one; else a page to choose from. Nobody's group: 404 or 403."""
    slug = request.GET.get("group", "")
    if slug:
        named = WorkingGroup.objects.filter(slug=slug.replace("\x00", "")).first()
        if named and not groups.filter(pk=named.pk).exists():
            refuse(person(request), named, _("Your role in this group does not allow this step."))
        return named or get_object_or_404(groups, slug="")
    found = list(groups)
    if not found:
        raise Http404
    if len(found) == 1:
        return found[0]
    return render(request, "challenges/choose_group.html", {"groups": found, "lede": lede})


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    challenge, user = _steered(request, slug)
    form = ChallengeForm(posted(request), group=challenge.group, steers=True, challenge=challenge)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_challenge(challenge=challenge, entry=form.entry(), by=user)
        except Refused as refusal:
            form.add_error("parent", str(refusal))
        else:
            messages.success(request, _("The challenge was changed. Rounds that asked about it keep their wording."))
            return redirect(challenge)
    page = {"title": _("Edit the challenge"), "overline": challenge.group.name, "submit": _("Save")}
    context = {"form": form, "cancel_url": challenge.get_absolute_url(), **page}
    return render(request, "challenges/form.html", context)


def move(request: HttpRequest, slug: str, status: str) -> HttpResponse:
    """Take a step of the life cycle by hand."""
    challenge, user = _steered(request, slug)
    if status not in actions.next_by_hand(challenge):
        messages.error(request, _("This step is not possible now."))
        return redirect(challenge)
    wanted = Status(status)
    needed = actions.needs_reason(challenge, wanted)
    form = ReasonForm(posted(request), required=needed)
    page = {
        "title": _("Mark “%(title)s” as %(status)s?") % {"title": challenge, "status": wanted.label},
        "text": _("It is %(status)s now. The step and its reason stand in the public history.")
        % {"status": Status(challenge.status).label},
        "submit": _("Mark as %(status)s") % {"status": wanted.label},
        "cancel_url": challenge.get_absolute_url(),
    }

    def step(_form: Any) -> None:
        actions.move_challenge(challenge=challenge, to=status, by=user, reason=form.cleaned_data["reason"])

    return confirmed(request, step, page=page, done=_("Done."), form=form)


def _steered(request: HttpRequest, slug: str) -> tuple[Challenge, User]:
    """Return the challenge if the person sorts the register of its group."""
    user = person(request)
    challenge = get_object_or_404(Challenge.objects.visible_to(user).select_related("group", "parent"), slug=slug)
    if not rules.can_edit(user, challenge):
        refuse(user, challenge.group, not_yours())
    return challenge, user
