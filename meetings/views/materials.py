"""Papers of a meeting: to read, all in one archive, and for those who hand them in."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.seen import shown
from meetings import file_types, zipping
from meetings.actions import materials as verbs
from meetings.errors import FileRefused, MeetingError
from meetings.forms.materials import MaterialForm
from meetings.models import Material, MaterialVersion, Meeting
from meetings.rules import Standing
from meetings.views import together
from meetings.views.doors import admit, meeting_for
from people.models import User
from people.sessions import person, viewer


@login_not_required
@require_safe
def paper(request: HttpRequest, slug: str, pk: int, number: int | None = None) -> HttpResponseBase:
    """Send a paper, its newest version unless the group asks for an earlier one by its number; a link leads there."""
    reader, now = viewer(request), timezone.now()
    visible = MaterialVersion.objects.visible_to(reader, now).filter(material=pk, material__meeting__slug=slug)
    versions = visible.order_by("-number")
    found = (versions if number is None else versions.filter(number=number)).first()
    if found is None:
        raise Http404
    if found.url:
        return redirect(found.url)
    etag = quote_etag(found.sha256)
    unchanged = get_conditional_response(request, etag=etag)
    return unchanged if unchanged is not None else _file(found, etag)


def _file(version: MaterialVersion, etag: str) -> FileResponse:
    """Browsers may show what runs nothing of its own; the rest is saved. The type is the content's, never guessed."""
    kind = "text/plain; charset=utf-8" if version.media_type == file_types.TEXT else version.media_type
    return FileResponse(
        _open(version),
        as_attachment=version.media_type not in file_types.SHOWN,
        filename=version.name,
        content_type=kind,
        headers={"ETag": etag, "X-Content-Type-Options": "nosniff"},
    )


def _open(version: MaterialVersion) -> Any:
    """Open the file; one that a restored backup lacks is not found, which is no failure of ours."""
    try:
        return _place(version).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error


def _place(version: MaterialVersion) -> Path:
    return Path(settings.MEDIA_ROOT, str(version.file.name))


@login_not_required
@require_safe
def archive(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Send all papers the reader may see; links stand in a text file."""
    reader, now = viewer(request), timezone.now()
    meeting = get_object_or_404(Meeting.objects.visible_to(reader), slug=slug)
    papers = _newest(meeting, reader, now)
    if not papers:
        raise Http404
    return StreamingHttpResponse(
        zipping.stream(_entries(papers, now)),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{meeting.slug}.zip"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _newest(meeting: Meeting, reader: User | None, now: dt.datetime) -> list[MaterialVersion]:
    visible = Material.objects.visible_to(reader, now).filter(meeting=meeting)
    newest = MaterialVersion.objects.filter(material__in=visible.values("pk")).newest()
    return list(newest.select_related("material"))


def _entries(papers: list[MaterialVersion], now: dt.datetime) -> Iterator[zipping.Entry]:
    files = [version for version in papers if not version.url and _place(version).exists()]
    for version, name in zip(files, zipping.different(version.name for version in files), strict=True):
        yield zipping.Entry(name, _open(version), version.added_at)
    links = [f"{version.material.title}\r\n{version.url}\r\n" for version in papers if version.url]
    if links:
        yield zipping.Entry("links.txt", io.BytesIO("\r\n".join(links).encode()), now)


# -- for those who hand them in --------------------------------------------------------------------------------------
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a paper."""
    writer, meeting = _writer(request, slug)
    form = MaterialForm(request.POST or None, request.FILES or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        content = form.content()
        try:
            if content:
                verbs.add_material(meeting=meeting, by=writer, content=content, **form.paper())
        except FileRefused as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The paper is added."))
            return redirect(meeting)
    return render(request, "meetings/materials_form.html", {"meeting": meeting, "form": form, "material": None})


def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change what is said about a paper, or add its next version."""
    writer, meeting = _writer(request, slug)
    material = get_object_or_404(Material.objects.current(), meeting=meeting, pk=pk)
    form = MaterialForm(request.POST or None, request.FILES or None, meeting=meeting, instance=material)
    changes: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            changes = _change(form, pk, writer)
        except FileRefused as error:
            form.add_error("file", str(error))
        except MeetingError as error:
            form.add_error(None, str(error))
        if not changes and form.is_valid():
            messages.success(request, _("The paper is changed."))
            return redirect(meeting)
    page = {"meeting": meeting, "form": form, "material": Material.objects.get(pk=pk), **changes}
    page["versions"] = MaterialVersion.objects.filter(material=pk).select_related("added_by").order_by("-number")
    return render(request, "meetings/materials_form.html", page)


@transaction.atomic
def _change(form: MaterialForm, pk: int, by: User) -> dict[str, Any]:
    """Save what the form says, or return what somebody else has changed meanwhile. Raises MeetingError."""
    # Read anew: the form has written on its own copy.
    material = Material.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    changes = together.changed(form, shown(MaterialForm(meeting=form.meeting, instance=material)), material)
    content = form.content()
    if changes:
        if form.cleaned_data["file"]:
            form.add_error("file", _("Choose the file once more: browsers do not keep it."))
        return changes
    if content:
        verbs.renew_material(material=material, by=by, content=content)
    verbs.describe_material(material=material, by=by, **form.paper())
    return {}


def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then show the paper to nobody any more."""
    writer, meeting = _writer(request, slug)
    material = get_object_or_404(Material.objects.current(), meeting=meeting, pk=pk)
    if request.method == "POST":
        try:
            verbs.withdraw_material(material=material, by=writer)
        except MeetingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The paper is withdrawn."))
        return redirect(meeting)
    page = {
        "overline": meeting,
        "title": _("Withdraw “%(title)s”?") % {"title": material.title},
        "text": _("Nobody can read it any more, in any version. This cannot be taken back; it can be added anew."),
        "submit": _("Withdraw the paper"),
        "danger": True,
        "cancel_url": meeting.get_absolute_url(),
    }
    return render(request, "pages/confirm.html", page)


def _writer(request: HttpRequest, slug: str) -> tuple[User, Meeting]:
    reader = person(request)
    meeting, may = meeting_for(reader, slug)
    _admit(may)
    return reader, meeting


def _admit(may: Standing) -> None:
    admit(
        may.can_write, may, _("Papers are handed in to the rapporteur or leader of the group, or to the secretariat.")
    )
