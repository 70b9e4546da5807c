"""Discarding what was begun by mistake: what goes is said first; who comes second hears that it is gone."""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import Entry
from outcomes import actions, rules
from outcomes.errors import Gone, Refused
from outcomes.models import Edition
from outcomes.views.steps import edition_of, turned_back, what_is_left
from people.models import User
from people.sessions import person
from workinggroups.models import WorkingGroup
from workinggroups.rules import WRITING


def discard(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """GET says what goes, POST lets it go."""
    editor = person(request)
    try:
        edition = edition_of(editor, slug, version)
    except Http404:
        if not _was_discarded(editor, slug, version):
            raise
        messages.error(request, str(Gone()))
        return what_is_left(editor, slug)
    try:
        actions.check_may_go(edition)
        return _do(request, edition, editor) if request.method == "POST" else _ask(request, edition)
    except Refused as refusal:
        return turned_back(request, edition, refusal)


def _was_discarded(editor: User, slug: str, version: int) -> bool:
    """Whether a group for which the person writes had an edition at this address."""
    groups = rules.groups_of(editor, WRITING).values("pk")
    kind = ContentType.objects.get_for_model(WorkingGroup)
    deeds = Entry.objects.filter(about_type=kind, about_id__in=groups, verb=actions.DISCARDED)
    return deeds.filter(payload__slug=slug, payload__version=version).exists()


def _do(request: HttpRequest, edition: Edition, editor: User) -> HttpResponse:
    left = actions.discard_edition(edition=edition, by=editor)
    if left is None:
        messages.success(request, _("The publication is discarded."))
        return redirect("outcomes:list")
    messages.success(request, _("Edition %(version)s is discarded.") % {"version": edition.version})
    return redirect(left)


def _ask(request: HttpRequest, edition: Edition) -> HttpResponse:
    is_only = edition.publication.editions.count() == 1
    context = {
        "title": _("Discard this publication?") if is_only else _("Discard this edition?"),
        "overline": edition.title,
        "text": " ".join(_what_goes(edition, is_only=is_only)),
        "submit": _("Discard"),
        "danger": True,
        "cancel_url": edition.get_absolute_url(),
    }
    return render(request, "pages/confirm.html", context)


def _what_goes(edition: Edition, *, is_only: bool) -> list[str]:
    """One sentence for each thing, and what stays."""
    version, files, comments = edition.version, edition.files.count(), edition.comments.count()
    said = [_("Edition %(version)s has never appeared. Its text goes for good.") % {"version": version}]
    if files:
        said.append(ngettext("So does %(n)s file.", "So do %(n)s files.", files) % {"n": files})
    if comments:
        words = ngettext("So does %(n)s comment of the group.", "So do %(n)s comments of the group.", comments)
        said.append(words % {"n": comments})
    if edition.doi:
        said.append(_("The portal forgets its DOI, %(doi)s.") % {"doi": edition.doi})
    if is_only:
        said.append(_("It is the only one: the publication and its address go too."))
    if actions.rounds_left_untold(edition).exists():
        said.append(_("The portal begins no other outcome of its round by itself; “New publication” does."))
    return [*said, _("The records it tells of stay.")]
