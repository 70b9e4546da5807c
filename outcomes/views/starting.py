"""A new publication in three pages: choose a template, choose records, write the words around them and look at it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from challenges.models import Challenge, FocusEntry, RoundOption
from outcomes import actions, first_words, halves, preview, record_fields, rules
from outcomes.errors import Refused
from outcomes.forms import WITHOUT_RECORDS, EditionForm, PublicationForm, RecordsForm
from outcomes.models import Edition, Publication
from people.models import User
from people.sessions import person
from workinggroups.models import Membership
from workinggroups.rules import WRITING
from workinggroups.views.doors import group_first

Template = Edition.Template
ABOUT = {
    Template.ROUND: gettext_lazy(
        "What the members ranked first, how sure that is, how the helices differ, and what the group takes up."
    ),
    Template.MEETING: gettext_lazy(
        "Agenda, attendance in numbers by helix, and from published minutes what was said, decided and is to be done. "
        "Or of a webinar: what was said, and the meetings and rounds it was built on."
    ),
    Template.HALF_YEAR: gettext_lazy("Meetings, attendance, turnout, decisions, actions and outcomes of six months."),
    Template.LEAFLET: gettext_lazy("One page for who never heard of the group: aims, finding, focus, next meeting."),
}
KINDS = {
    Template.ROUND: Publication.Kind.REPORT,
    Template.MEETING: Publication.Kind.MINUTES_DIGEST,
    Template.HALF_YEAR: Publication.Kind.REPORT,
    Template.LEAFLET: Publication.Kind.LEAFLET,
}


@group_first
def choose_template(request: HttpRequest) -> HttpResponse:
    """Page one. What the address names already (a round, a group) goes along."""
    _writer(request)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    offers = [
        (label, ABOUT[Template(value)], reverse("outcomes:new_records", args=[value]) + query)
        for value, label in Template.choices
    ]
    return render(request, "outcomes/templates.html", {"offers": offers})


def choose_records(request: HttpRequest, template: str) -> HttpResponse:
    """Page two, a form by GET: what is chosen goes on to page three in its address."""
    writer, kind = _writer(request), _template(template)
    groups = rules.groups_of(writer, WRITING)
    initial = {name: request.GET.getlist(name) for name in ("groups", *record_fields.KINDS)}
    if not initial["groups"] and groups.count() == 1:
        initial["groups"] = [str(group.pk) for group in groups]
    is_sent = "next" in request.GET
    form = RecordsForm(request.GET if is_sent else None, template=kind, groups=groups, initial=initial)
    if is_sent and form.is_valid():
        kept = request.GET.copy()
        kept.pop("next", None)
        return redirect(f"{reverse('outcomes:new_words', args=[kind])}?{kept.urlencode()}")
    return render(request, "outcomes/records.html", {"form": form, "template": kind, "about": ABOUT[kind]})


def write_words(request: HttpRequest, template: str) -> HttpResponse:
    """Page three: the words, suggested from the records; POST shows what would be built, or creates and builds it."""
    writer, kind = _writer(request), _template(template)
    groups = rules.groups_of(writer, WRITING)
    data = request.POST if request.method == "POST" else None
    form = PublicationForm(data, template=kind, groups=groups, initial=_suggested(request, kind, writer))
    if data is not None and form.is_valid():
        try:
            if "preview" in data:
                return previewed(request, lambda: plan(writer, _start(writer, form), form))
            return _built(writer, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "title": kind.label,
        "step": 3,
        "told": [(form.fields[name].label, chosen) for name, chosen in _told(request, kind, writer)],
        "submit": _("Create and build"),
        "cancel_url": f"{reverse('outcomes:new_records', args=[kind])}?{request.GET.urlencode()}",
    }
    return render(request, "outcomes/form.html", context)


def _built(writer: User, form: PublicationForm) -> HttpResponse:
    with transaction.atomic():
        edition = plan(writer, _start(writer, form), form)
    return redirect("outcomes:build", edition.publication.slug, edition.version)


def previewed(request: HttpRequest, make: Callable[[], Edition]) -> HttpResponse:
    """The article of an edition that is made, read and undone again at once."""
    with transaction.atomic():
        edition = make()
        article = preview.article(edition)
        transaction.set_rollback(True)
    context = {"edition": edition, "publication": edition.publication, "article": article}
    return render(request, "outcomes/preview.html", context)


@transaction.atomic
def plan(writer: User, publication: Publication, form: EditionForm) -> Edition:
    """The next edition of the publication, asked to be built."""
    edition = actions.plan_edition(publication=publication, sources=form.sources, by=writer, **form.prose)
    return actions.request_build(edition=edition, by=writer)


def _start(writer: User, form: PublicationForm) -> Publication:
    values = form.cleaned_data
    return actions.start_publication(
        slug=actions.free_slug(values["title"]),
        kind=values["kind"],
        groups=values["groups"],
        by=writer,
        topics=values["topics"],
        regions=values["regions"],
    )


@transaction.atomic
def plan_translation(writer: User, last: Edition, form: EditionForm) -> Edition:
    """A publication of its own on the same records, linked to the original, with its first edition asked for."""
    source = last.publication
    made = actions.start_publication(
        slug=actions.free_slug(f"{source.slug} {form.cleaned_data['language']}"),
        kind=source.kind,
        groups=source.groups.all(),
        by=writer,
        topics=source.topics.all(),
        regions=source.regions.all(),
    )
    planned = plan(writer, made, form)
    actions.link_translation(publication=made, original=source.translation_of or source, by=writer)
    return planned


def _topics(values: dict[str, Any]) -> QuerySet[Challenge]:
    """What the records tell of: chosen challenges, those that a chosen focus took up, the options of chosen rounds."""
    told = (
        Q(pk__in=[challenge.pk for challenge in values.get("challenges", ())])
        | Q(pk__in=FocusEntry.objects.filter(focus__in=values.get("focuses", ())).values("challenge"))
        | Q(pk__in=RoundOption.objects.filter(round__in=values.get("rounds", ())).values("challenge"))
    )
    return Challenge.objects.published().filter(told)


def _suggested(request: HttpRequest, kind: Template, writer: User) -> dict[str, Any]:
    """The chosen records, and title and abstract made from them."""
    chosen = RecordsForm(request.GET, template=kind, groups=rules.groups_of(writer, WRITING))
    names = ("groups", *record_fields.KINDS)
    initial: dict[str, Any] = {name: request.GET.getlist(name) for name in names} | {"kind": KINDS[kind]}
    initial["half"] = request.GET.get("half", "")
    if kind == Template.MEETING and initial["webinars"]:
        initial["kind"] = Publication.Kind.WEBINAR
    if not chosen.is_valid():
        return initial
    initial["topics"] = _topics(chosen.cleaned_data)
    return initial | dict(_words(kind, chosen.cleaned_data) or {})


def _told(request: HttpRequest, kind: Template, writer: User) -> list[tuple[str, list[str]]]:
    """Field and names of what was chosen on page two, for the eye; empty where the address holds no record.

    A half-year and a leaflet tell of the group itself.
    """
    chosen = RecordsForm(request.GET, template=kind, groups=rules.groups_of(writer, WRITING))
    if not chosen.is_valid():
        return []
    of_groups = ("groups",) if kind in WITHOUT_RECORDS else ()
    values = {name: chosen.cleaned_data.get(name, ()) for name in (*of_groups, *record_fields.KINDS)}
    found = [(name, [str(record) for record in records]) for name, records in values.items() if records]
    half = halves.read(chosen.cleaned_data.get("half", ""))
    return [*found, ("half", [record_fields.half_name(half)])] if half else found


def _words(kind: Template, values: dict[str, Any]) -> first_words.Words | None:
    group = values["groups"][0]
    if kind == Template.LEAFLET:
        return first_words.of_group(group)
    if kind == Template.MEETING:
        webinars = values["webinars"]
        return first_words.of_webinar(webinars[0]) if webinars else first_words.of_meeting(values["meetings"][0])
    half = halves.read(values.get("half", ""))
    if half:
        return first_words.of_half_year(group, record_fields.half_name(half))
    return first_words.of_round(values["rounds"][0]) if values["rounds"] else None


def _template(value: str) -> Template:
    if value not in Template.values:
        raise Http404
    return Template(value)


def _writer(request: HttpRequest) -> User:
    """Somebody who may start a publication; members without that role are told, strangers get 404."""
    somebody = person(request)
    if rules.can_start(somebody):
        return somebody
    if Membership.objects.active().filter(user=somebody).exists():
        raise PermissionDenied(_("Leaders and rapporteurs of a group and the secretariat start publications."))
    raise Http404
