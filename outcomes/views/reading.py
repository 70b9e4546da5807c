"""Reading: the list, an edition's page, its files. For everybody; without a session for strangers."""

import datetime as dt
import logging
import re
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Case, CharField, IntegerField, OuterRef, Q, QuerySet, When
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from challenges.models import Challenge
from history.models import Entry
from history.prepared import Key, Prepared
from meetings import times
from meetings.languages import NAMES
from outcomes import decided_since, files, rules, story
from outcomes.changes import compare
from outcomes.described import described, linked
from outcomes.document import compose
from outcomes.imprint import LICENCES, citation
from outcomes.languages import DEFAULT, spoken
from outcomes.models import Edition, EditionFile, Publication
from outcomes.shelf import Shelf
from outcomes.snapshot import WORDS
from outcomes.step_forms import CommentForm
from outcomes.views.steps import steps_for
from people.models import User
from people.sessions import viewer

State = Edition.State
TYPES = {
    EditionFile.Format.PDF: "application/pdf",
    EditionFile.Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    EditionFile.Format.CSV: "text/csv; charset=utf-8",
    EditionFile.Format.JSON: "application/json",
    EditionFile.Format.BIB: "application/x-bibtex; charset=utf-8",
    EditionFile.Format.RIS: "application/x-research-info-systems; charset=utf-8",
    EditionFile.Format.CSL: "application/vnd.citationstyles.csl+json",
}
ENDINGS = {EditionFile.Format.CSL: "csl.json"}  # where a program would not know the format's own
HEADINGS = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>')
logger = logging.getLogger(__name__)


@login_not_required
@require_safe
def outcome_list(request: HttpRequest) -> HttpResponse:
    shelf = Shelf(request.GET)
    context = {"shelf": shelf, "page_obj": shelf.page, "can_start": rules.can_start(viewer(request))}
    return render(request, "outcomes/list.html", context)


@login_not_required
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The edition a reader should see: the published one, else the last withdrawn, else what is being written."""
    person = viewer(request)
    found = list(_first(person, slug)) if person else FIRST_TO_ALL.ask(slug=slug)
    if not found:
        raise Http404
    return show(request, person, found[0])


@login_not_required
@require_safe
def edition(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    person = viewer(request)
    return show(request, person, edition_for(person, slug, version))


@login_not_required
@require_safe
def changes(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """What is different from the edition before, section by section."""
    person = viewer(request)
    after = edition_for(person, slug, version)
    earlier = Edition.objects.visible_to(person).filter(publication=after.publication_id, version__lt=version)
    before = earlier.exclude(state=State.WITHDRAWN).exclude(snapshot=None).order_by("-version").first()
    if before is None or after.snapshot is None or after.state == State.WITHDRAWN:
        raise Http404
    with translation.override(spoken(after.language)):
        old, new = (compose(one.snapshot or {}, WORDS) for one in (before, after))
    context = {"edition": after, "before": before, "publication": after.publication, "sections": compare(old, new)}
    return render(request, "outcomes/changes.html", context)


@login_not_required
@require_safe
def download(request: HttpRequest, slug: str, version: int, kind: str) -> HttpResponseBase:
    """A file as it was built. What was withdrawn is gone for everybody."""
    found = edition_for(viewer(request), slug, version)
    if found.state == State.WITHDRAWN:
        return render(request, "outcomes/gone.html", {"edition": found}, status=410)
    file = get_object_or_404(found.files.all(), format=kind)
    headers = {"ETag": f'"{file.sha256}"', "Content-Disposition": _disposition(file, slug, version)}
    response = HttpResponse(_content(file), content_type=TYPES[EditionFile.Format(kind)], headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response


def edition_for(person: User | None, slug: str, version: int) -> Edition:
    """The edition as somebody may see it. Raises Http404."""
    found = list(_known(person, slug, version)) if person else KNOWN_TO_ALL.ask(slug=slug, version=version)
    if not found:
        raise Http404
    return found[0]


def _whole(person: User | None, slug: str | Key) -> QuerySet[Edition]:
    """The editions of a publication, with what a page says of one."""
    topics = Challenge.objects.published().filter(publications=OuterRef("publication")).order_by("position", "pk")
    editions = Edition.objects.visible_to(person).defer("text", "search").select_related("publication")
    editions = editions.annotate(topics=ArraySubquery(topics.values(told=JSONObject(slug="slug", title="title"))))
    return editions.filter(publication__slug=slug)


def _known(person: User | None, slug: str | Key, version: int | Key) -> QuerySet[Edition]:
    return _whole(person, slug).filter(version=version).order_by("pk")


def _first(person: User | None, slug: str | Key) -> QuerySet[Edition]:
    preference = Case(When(state=State.PUBLISHED, then=0), When(state=State.WITHDRAWN, then=1), default=2)
    return _whole(person, slug).order_by(preference, "-version")[:1]


SLUG = Key("slug", CharField())
KNOWN_TO_ALL = Prepared(lambda: _known(None, SLUG, Key("version", IntegerField())))
FIRST_TO_ALL = Prepared(lambda: _first(None, SLUG))
STORED = Prepared(lambda: EditionFile.objects.filter(edition_id=Key("edition", BigIntegerField())).order_by("format"))


def show(
    request: HttpRequest, person: User | None, shown: Edition, comment_form: CommentForm | None = None
) -> HttpResponse:
    """The page of an edition; with the form of a comment that could not be kept."""
    family = _family(person, shown)
    others = [one for one in family if one.publication_id == shown.publication_id]
    in_print = [one for one in family if one.publication_id != shown.publication_id and one.state == State.PUBLISHED]
    also_in = sorted(in_print, key=lambda one: list(NAMES).index(one.language))
    context = {
        "edition": shown,
        "publication": shown.publication,
        "editions": others,
        "licence": LICENCES.get(shown.licence, (shown.licence, "")),
        "language": NAMES.get(shown.language, shown.language),
        "also_in": also_in,
        "first_with_changes": min((one.version for one in others if one.state != State.WITHDRAWN), default=0),
        **_offers(person, shown, others),
        **_reading_round(person, shown, comment_form),
        "comments_until": _on_clock_of(person, shown.comments_until),
        "comments_open": rules.comments_open(shown, timezone.now()),
        "appears_at": _on_clock_of(person, shown.publish_at),
    }
    context["story"] = story.of(shown.publication, inside=context["can_write"])
    if shown.state == State.WITHDRAWN:
        return render(request, "outcomes/withdrawn.html", context)
    stored = STORED.ask(edition=shown.pk)
    told = described(shown, stored, also_in)
    context |= {
        "files": sorted(stored, key=lambda file: list(TYPES).index(EditionFile.Format(file.format))),
        "described": told,
        "snapshot": shown.snapshot,
        "contents": [(anchor, unescape(heading)) for anchor, heading in HEADINGS.findall(shown.html)],
        "citation": citation(shown.snapshot, WORDS, shown.doi) if shown.snapshot else "",
        "words_language": shown.snapshot["edition"].get("words", DEFAULT) if shown.snapshot else DEFAULT,
        "newest": next((one for one in others if one.state == State.PUBLISHED), None),
        "two_readers": shown.approved_by_id is not None and shown.approved_by_id != shown.submitted_by_id,
    }
    return linked(render(request, "outcomes/detail.html", context), told)


def _on_clock_of(person: User | None, moment: dt.datetime | None) -> str:
    """Strangers see neither of the times that are still to come."""
    return times.point(moment, ZoneInfo(person.timezone)) if person and moment else ""


def _family(person: User | None, shown: Edition) -> list[Edition]:
    """All editions of the publication, latest first, and those of the same in other languages."""
    original = shown.publication.translation_of_id or shown.publication_id
    return list(_related(person, original)) if person else FAMILY_FOR_ALL.ask(original=original)


def _related(person: User | None, original: int | Key) -> QuerySet[Edition]:
    family = Publication.objects.filter(Q(pk=original) | Q(translation_of=original))
    editions = Edition.objects.visible_to(person).filter(publication__in=family.values("pk")).short()
    return editions.select_related("publication").order_by("publication", "-version")


FAMILY_FOR_ALL = Prepared(lambda: _related(None, Key("original", BigIntegerField())))


def _reading_round(person: User | None, shown: Edition, typed: CommentForm | None) -> dict[str, Any]:
    """Comments of the group on what is not public yet, and the form while the time for them runs, or what it holds."""
    if person is None or shown.state in Edition.PUBLIC:
        return {"comments": [], "comment_form": typed}
    return {
        "comments": list(shown.comments.select_related("by").order_by("at", "pk")),
        "comment_form": typed or (CommentForm() if rules.can_comment(person, shown, timezone.now()) else None),
    }


def _offers(person: User | None, shown: Edition, others: list[Edition]) -> dict[str, Any]:
    """What the reader may do here."""
    if person is None or not rules.can_write(person, shown.publication):
        return {"can_write": False}
    return {
        "can_write": True,
        "steps": [(step, step.address(shown)) for step in steps_for(person, shown)],
        "is_editable": shown.state in Edition.EDITABLE,
        "can_set_doi": rules.can_set_doi(person, shown),
        "may_plan_next": all(one.state in Edition.PUBLIC for one in others),
        "sent_back": _sent_back(shown),
        "decided_since": decided_since.focuses(shown).exists(),
        "needs_sign_off": rules.needs_sign_off(shown),
        "approvers": list(rules.approvers(shown)) if shown.state == State.IN_REVIEW else [],
    }


def _sent_back(shown: Edition) -> Entry | None:
    """Why the edition came back from review, until it goes there again."""
    if shown.state not in Edition.EDITABLE and shown.state != State.BUILDING:
        return None
    steps = Entry.objects.about(shown.publication).filter(verb__in=["edition_draft", "edition_in_review"])
    last = steps.filter(payload__version=shown.version).select_related("by").order_by("-at", "-pk").first()
    return last if last and last.verb == "edition_draft" else None


def _disposition(file: EditionFile, slug: str, version: int) -> str:
    """A PDF opens in the browser; data are saved."""
    kind = "inline" if file.format == EditionFile.Format.PDF else "attachment"
    ending = ENDINGS.get(EditionFile.Format(file.format), file.format)
    return f'{kind}; filename="{slug}-v{version}.{ending}"'


def _content(file: EditionFile) -> bytes:
    try:
        return files.path_of(file.sha256).read_bytes()
    except FileNotFoundError:
        logger.exception("file of edition %s is missing", file.edition_id)
        raise Http404 from None
