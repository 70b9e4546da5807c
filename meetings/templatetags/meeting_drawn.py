"""The repeated parts of pages of meetings, drawn in one go: lines of agendas, papers, who replied what, rows of lists.

A page has a hundred of them; as nodes of a template they would cost more than all the rest of it.
"""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import capfirst, filesizeformat
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from history.paths import path
from meetings.models import Attendee, Material, Meeting, Webinar
from meetings.programme import Line, Paper
from meetings.rules import Standing
from people.models import Helix

register = template.Library()

# Hour, title, length; who leads it and what it is about. Then come rounds, challenges, papers, and the end.
LINE = """<li>
  {}
  <div>
    <div class="row between nowrap-row">
      <h3 class="h4">{}</h3>
      {}</div>
    {}"""
END = """</div>
</li>
"""
LENGTH = '<span class="smaller muted nowrap">{}</span>\n    '
LINKED = '<p><a href="{}">{}</a> <span class="tag">{}</span></p>\n'
EARLIER = '<p class="small">{} {}</p>\n'
PAPER = """<a href="{}"{} hreflang="{}">{}</a>
<span class="small muted">{}</span>
{}
"""
TAG = '<span class="tag">{}</span>'
CHANGE = '\n<a class="small no-print" href="{}">{}<span class="sr">: {}</span></a>'
# Name, region, helix, reply; each cell says for narrow screens what its column is.
REPLY = """<tr role="row">
  <th scope="row" role="rowheader">{}</th>
  <td role="cell" data-label="{}">{}</td>
  <td role="cell" data-label="{}">{}</td>
  <td role="cell" data-label="{}"><span class="tag{}">{}</span>{}</td>
</tr>
"""
Reply = Attendee.Reply
SHADES: dict[str, str] = {Reply.YES: " tag-ok", Reply.ONLINE: " tag-brand", Reply.NONE: " tag-warn"}
WAITS = ' <span class="tag tag-warn">{}</span>'
INSTEAD = ' <span class="small">{}</span>'
WAS_THERE = ' <span class="tag tag-ok">{}</span>'
# Title, when, whose it is and where, its state.
EVENT = """<div>
  <h3><a href="{}">{}</a></h3>
  <p>{}</p>
  <p>{} {}</p>
</div>
"""
STATE = '<span class="tag{}">{}</span>'
STATE_SHADES: dict[str, str] = {
    Meeting.State.POLLING: " tag-warn",
    Meeting.State.SCHEDULED: " tag-ok",
    Meeting.State.POSTPONED: " tag-warn",
    Meeting.State.CANCELLED: " tag-bad",
    Webinar.State.REGISTRATION_OPEN: " tag-ok",
    Webinar.State.RECORDING_PUBLISHED: " tag-brand",
}


# -- the agenda ------------------------------------------------------------------------------------------------------
@register.simple_tag
def agenda_lines(agenda: Iterable[Line], meeting: Meeting, may: Standing, *, full: bool = False) -> SafeString:
    """Draw the items; in full also with what came before."""
    return SafeString("".join(_line(line, meeting, may, full=full) for line in agenda))


def _line(line: Line, meeting: Meeting, may: Standing, *, full: bool) -> str:
    parts = [_linked(each, each.get_state_display()) for each in line.rounds]
    parts += [_challenge(each, full=full) for each in line.challenges]
    parts += [f"<p>{_paper(each, meeting, may)}</p>\n" for each in line.papers]
    who = ", ".join(name for name in (line.lead, line.speaker) if name)
    return "".join([_item(line.begins, line.title, line.length, who, line.notes), *parts, END])


@lru_cache(maxsize=1000)
def _item(begins: str, title: str, length: str, who: str, notes: str) -> str:
    """What an item says by itself: the same for many readers, so it is kept."""
    begun = f"<time>{escape(begins)}</time>" if begins else "<span></span>"
    long = LENGTH.format(escape(length)) if length else ""
    told = f"<p>{escape(who)}</p>\n" if who else ""
    return LINE.format(begun, escape(title), long, told + (f"<p>{_with_breaks(notes)}</p>\n" if notes else ""))


def _with_breaks(text: str) -> str:
    return escape(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "<br>")


def _linked(record: Any, state: str) -> str:
    return LINKED.format(escape(record.get_absolute_url()), escape(record.title), escape(state))


def _challenge(challenge: Any, *, full: bool) -> str:
    drawn = _linked(challenge, challenge.get_status_display())
    if not (full and challenge.earlier):
        return drawn
    items = "; ".join(map(_earlier, challenge.earlier))
    return drawn + EARLIER.format(escape(_("Earlier on this challenge:")), items)


def _earlier(item: dict[str, str]) -> str:
    address = escape(path("meetings:detail", item["slug"]))
    return f'<a href="{address}">{escape(item["meeting"])}</a> ({escape(item["title"])})'


# -- papers ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def paper_link(paper: Paper, meeting: Meeting, may: Standing) -> SafeString:
    """Draw one paper: where it is, of which kind and size, who may read it."""
    return SafeString(_paper(paper, meeting, may))


def _paper(paper: Paper, meeting: Meeting, may: Standing) -> str:
    address = paper.url or path("meetings:paper", meeting.slug, str(paper.pk))
    rel, title = ' rel="noreferrer"' if paper.url else "", escape(paper.title)
    marks = [_reach(paper, meeting, may)]
    if may.can_write:
        edit = path("meetings:paper_edit", meeting.slug, str(paper.pk))
        marks.append(CHANGE.format(escape(edit), escape(_("Change")), title))
    return PAPER.format(
        escape(address), rel, escape(paper.language), title, " · ".join(map(escape, _told(paper))), "".join(marks)
    )


def _told(paper: Paper) -> list[str]:
    """Its kind, its size, and which version it is."""
    told = [paper.kind] if paper.kind else []
    told.append(_("on another site") if paper.url else filesizeformat(paper.size))
    return [*told, _("version %(number)s") % {"number": paper.number}] if paper.number > 1 else told


def _reach(paper: Paper, meeting: Meeting, may: Standing) -> str:
    if paper.access == Material.Access.MEMBERS:
        return TAG.format(escape(_("group only")))
    if paper.embargo_until and may.can_join:
        day = date_format(paper.embargo_until.astimezone(meeting.zone), "j F Y, H:i")
        return TAG.format(escape(_("public from %(day)s") % {"day": day}))
    return ""


# -- replies ---------------------------------------------------------------------------------------------------------
@register.simple_tag
def reply_rows(attendees: Iterable[Attendee]) -> SafeString:
    """Draw who replied what as the rows of a table."""
    words = _words()
    return SafeString("".join(_reply(attendee, words) for attendee in attendees))


def _words() -> dict[str, str]:
    """What is said in many rows, looked up once."""
    said = {"region": _("Region"), "helix": _("Helix"), "reply": _("Reply"), "waits": _("waits for a seat")}
    said |= {"instead": _("instead: %(name)s"), "was there": _("was there")}
    said |= {f"reply {value}": capfirst(str(label)) for value, label in Reply.choices}
    drawn = {f"helix {value}": _helix(value, get_language()) for value in ("", *Helix.values)}
    return {name: escape(text) for name, text in said.items()} | drawn


def _reply(attendee: Attendee, words: dict[str, str]) -> str:
    person, marks = attendee.user, ""
    if attendee.waiting_since:
        marks += WAITS.format(words["waits"])
    if attendee.substitute:
        marks += INSTEAD.format(words["instead"] % {"name": escape(attendee.substitute)})
    if attendee.attended:
        marks += WAS_THERE.format(words["was there"])
    region, shade = escape(person.region.name) if person.region else "", SHADES.get(attendee.reply, "")
    return REPLY.format(
        escape(str(person)), words["region"], region, words["helix"], words[f"helix {person.helix}"],
        words["reply"], shade, words[f"reply {attendee.reply}"], marks,
    )  # fmt: skip


@lru_cache(maxsize=100)
def _helix(value: str, _language: str | None) -> SafeString:
    """The shape and the name of a helix."""
    return SafeString(render_to_string("parts/helix_mark.html", {"value": value}).strip())


# -- lists -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def event_words(event: Meeting | Webinar) -> SafeString:
    """Draw what a list says of a meeting or webinar; that it is scheduled goes without saying."""
    whose = [event.group.name] if isinstance(event, Meeting) else [_label(event.Kind(event.kind)), event.series]
    said = " · ".join(escape(each) for each in [*whose, event.where] if each)
    state = "" if event.state == Meeting.State.SCHEDULED else state_tag(event)
    title, when = escape(event.title), escape(event.when)
    return SafeString(EVENT.format(escape(event.get_absolute_url()), title, when, said, state))


@register.simple_tag
def state_tag(event: Meeting | Webinar) -> SafeString:
    """Draw the state of a meeting or webinar."""
    shade = STATE_SHADES.get(event.state, "")
    return SafeString(STATE.format(shade, escape(_label(event.State(event.state)))))


def _label(choice: Any) -> str:
    return str(choice.label)
