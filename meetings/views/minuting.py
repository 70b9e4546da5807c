"""The editor of minutes. Two people who write at once see both texts; nothing is overwritten unseen."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from history.prose import to_article
from meetings import differences, languages, written
from meetings.actions import minutes as verbs
from meetings.errors import EditedMeanwhile, MeetingError
from meetings.forms.minutes import Editor
from meetings.models import Meeting, Minutes
from meetings.views.doors import admit, meeting_for
from people.sessions import person

CONFLICT = 409


def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the editor; save, show a preview, or tell what somebody else saved meanwhile (409)."""
    writer = person(request)
    meeting, may = meeting_for(writer, slug)
    admit(
        may.can_write,
        may,
        _("Minutes are written by the rapporteur and the leader of the group and by the secretariat."),
    )
    start = _start(meeting)
    editor = Editor(meeting, start, request.POST if request.method == "POST" else None)
    page: dict[str, Any] = {"meeting": meeting, "editor": editor, "form": editor.text, "start": start}
    status = 200
    if request.method == "POST" and editor.is_valid():
        if request.POST.get("do") == "preview":
            page["preview"] = to_article(editor.wording().text)
        else:
            try:
                saved = verbs.write_minutes(
                    meeting=meeting, by=writer, wording=editor.wording(), edit=editor.text.cleaned_data["edit"]
                )
            except EditedMeanwhile as error:
                status, page["conflict"] = CONFLICT, _conflict(meeting, editor, str(error))
            except MeetingError as error:
                editor.text.add_error(None, str(error))
            else:
                messages.success(request, _("The minutes are saved."))
                return redirect("meetings:minutes_write", slug) if request.POST.get("do") == "stay" else redirect(saved)
    page["presence"] = written.presence_of(meeting, names=True)
    return render(request, "meetings/minutes_form.html", page, status=status)


def _start(meeting: Meeting) -> Minutes:
    """The revision in work; else a correction of the last one, or a frame with the agenda's headings. Not stored."""
    newest = meeting.minutes.order_by("-revision").first()
    if newest and not newest.is_locked:
        return newest
    if newest:
        lines = {"decisions": newest.decisions, "actions": newest.actions, "language": newest.language}
        return Minutes(meeting=meeting, revision=newest.revision + 1, text=newest.text, **lines)
    headings = [f"## {item.title}\n" for item in meeting.agenda.order_by("position")]
    spoken = [code for code in meeting.languages if code in languages.NAMES]
    return Minutes(meeting=meeting, revision=1, text="\n".join(headings), language=(spoken or ["en"])[0])


def _conflict(meeting: Meeting, editor: Editor, sentence: str) -> dict[str, Any]:
    """What was saved meanwhile beside what was typed here; the next saving is a change of the former."""
    theirs = meeting.minutes.select_related("written_by").order_by("-revision").first() or _start(meeting)
    mine = editor.wording()
    lines = [line._asdict() | {"due": line.due and line.due.isoformat()} for line in mine.actions]
    typed = written.as_text(mine.text, [line._asdict() for line in mine.decisions], lines)
    editor.begin_again_from(0 if theirs.is_locked else theirs.edit)  # what is approved is corrected by a next revision
    return {
        "sentence": sentence,
        "theirs": theirs,
        "their_text": written.text_of(theirs),
        "changes": differences.between(written.text_of(theirs), typed),
    }
