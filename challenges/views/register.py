"""The public register: the list in rank order, and a challenge's page with its history."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from challenges import actions, agendas, decided, rules, standing, trace
from challenges.filters import ChallengeFilter
from challenges.models import Challenge
from challenges.views.doors import hidden, person, refuse, viewer
from challenges.views.voices import heard
from history.models import Entry
from history.prepared import Key
from people.models import User
from people.readers import ForReaders
from workinggroups.models import Membership, WorkingGroup
from workinggroups.rules import STEERING, can_enter

Status = Challenge.Status
MOST_WORKS = 5


@login_not_required
def register(request: HttpRequest) -> HttpResponse:
    """Clusters by group, in the order of the latest round that ranked them, with the rounds of the group."""
    reader = viewer(request)
    everything = Challenge.objects.visible_to(reader).exclude(status=Status.MERGED).select_related("group")
    everything = everything.annotate(supporters=Count("supports")).order_by("group", "position", "pk")
    wanted = ChallengeFilter(request.GET, everything)
    sections = standing.sections(list(wanted.qs), standing.listed_rounds(reader))
    context = {
        "filter": wanted,
        "sections": sections,
        "clusters": sum(len(section.standings) for section in sections),
        "proposes_in": list(own_groups(reader)) if reader else [],
        "sorts_in": list(own_groups(reader, STEERING)) if reader else [],
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
    """One challenge; a merged one keeps its page, which points to where it went."""
    reader = viewer(request)
    challenge = SEEN.first(reader, slug=slug)
    if challenge is None:
        return hidden(request, Challenge.objects.filter(slug=slug))
    entries = list(Entry.objects.about(challenge).published().select_related("by").order_by("at", "pk"))
    relatives = _relatives(challenge, entries, reader)
    parts = [one for one in relatives.values() if one.parent_id == challenge.pk and one.status != Status.MERGED]
    asked = standing.asking(challenge)
    context: dict[str, Any] = {
        "challenge": challenge,
        "subdimensions": standing.standings(parts, standing.latest(asked, parts)),
        "relatives": trace.relatives(challenge, relatives),
        "steps": trace.steps(challenge, entries),
        "log": trace.log(entries, relatives),
        "places": [(*told[challenge.pk], len(told)) for told in asked if challenge.pk in told],
        "reports": _reports(challenge),
        "works": challenge.works,  # type: ignore[attr-defined]  # an annotation
        "focuses": decided.focuses_of(challenge),
        "dealt": agendas.items_of(challenge),
    }
    return render(request, "challenges/detail.html", context | _within(challenge, reader))


def _told(reader: User | None) -> QuerySet[Challenge]:
    """The challenge with all that is told of it, if the person may see it."""
    known = Challenge.objects.filter(slug=Key("slug", CharField())).select_related("group", "parent")
    told = agendas.with_items(decided.with_focuses(known, reader), reader).annotate(works=_works())
    return told.filter(pk__in=Challenge.objects.visible_to(reader)).order_by("pk")


def _within(challenge: Challenge, reader: User | None) -> dict[str, Any]:
    """What the group sees beyond the public: who did what, what was said; and the steps of those who sort."""
    steers = reader is not None and rules.can_edit(reader, challenge)
    within = steers or can_enter(reader, challenge.group)
    return {
        "names": within,
        "heard": heard(challenge, reader, steers=steers) if reader and within else None,
        "can_edit": steers,
        "moves": actions.next_by_hand(challenge) if steers else [],
        "can_undo": steers and actions.can_undo(challenge),
    }


def _relatives(challenge: Challenge, entries: Sequence[Entry], reader: User | None) -> dict[int, Challenge]:
    """Its subdimensions, what was merged into it or split from it, where it went or came from, what its history names.

    In the order of the register.
    """
    named = {*trace.named(entries), challenge.merged_into_id, challenge.split_from_id} - {None}
    wanted = Q(parent=challenge) | Q(merged_into=challenge) | Q(split_from=challenge) | Q(pk__in=named)
    return {found.pk: found for found in Challenge.objects.visible_to(reader).filter(wanted).order_by("position", "pk")}


def _works() -> ArraySubquery:
    """The newest works of others on it."""
    linked = Challenge.objects.filter(pk=OuterRef("pk"), references__isnull=False)
    newest = linked.order_by(F("references__year").desc(nulls_last=True), "references__title", "references__pk")
    told = {name: f"references__{name}" for name in ("title", "authors", "year", "doi", "url", "language")}
    return ArraySubquery(newest.values(json=JSONObject(**told))[:MOST_WORKS])


SEEN = ForReaders(_told)


def _reports(challenge: Challenge) -> QuerySet[Any]:
    """Publications on this challenge, with the title of the edition in print."""
    in_print = challenge.publications.filter(editions__state="published").annotate(title=F("editions__title"))
    latest_first: QuerySet[Any] = in_print.order_by("-editions__published_at", "pk")
    return latest_first


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
