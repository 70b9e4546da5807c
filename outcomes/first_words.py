"""Title and abstract as a template suggests them from its records. Editors change them as they like."""

from typing import TypedDict

from django.utils.translation import gettext as _

from challenges import results
from challenges.disclosure.finding import finding
from challenges.disclosure.published import Shown
from challenges.models import RankingRound
from meetings.models import Meeting, Webinar
from outcomes import records, snapshot, when, wording
from workinggroups.models import WorkingGroup

SENTENCE_ENDS = ("?", "!", ".", "…")


class Words(TypedDict):
    title: str
    abstract: str


def of_round(asked: RankingRound) -> Words | None:
    """From the finding; None without a result that may be shown."""
    result = results.shown(asked)
    if result is None or result.shown is Shown.NOTHING:
        return None
    said = {"group": asked.group.name, "question": asked.question, "finding": records.headline(result)}
    ends = asked.title.endswith(SENTENCE_ENDS)
    if result.on_text:
        abstract = _("%(group)s asked its members for a yes or no to a text. %(finding)s.") % said
        title = _("%(round)s How the members voted") if ends else _("%(round)s: how the members voted")
    else:
        abstract = _("%(group)s asked its members: “%(question)s” %(finding)s.") % said
        title = _("%(round)s What the members ranked first") if ends else _("%(round)s: what the members ranked first")
    turnout = wording.turnout(finding(result), snapshot.WORDS)
    return {"title": title % {"round": asked.title}, "abstract": f"{abstract} {turnout}"}


def of_meeting(meeting: Meeting) -> Words:
    said = {"group": meeting.group.name, "meeting": meeting.title, "when": when.of_meeting(meeting)}
    return {
        "title": _("Report of the meeting “%(meeting)s”") % said,
        "abstract": _("%(group)s met on %(when)s. Who came, what was said and decided, and what is to be done.") % said,
    }


def of_webinar(webinar: Webinar) -> Words:
    said = {"kind": webinar.get_kind_display(), "when": when.of_meeting(webinar)}
    return {
        "title": webinar.title,
        "abstract": _("%(kind)s, %(when)s. What was said, and what it was built on.") % said,
    }


def of_half_year(group: WorkingGroup, half: str) -> Words:
    said = {"group": group.name, "half": half}
    return {
        "title": _("%(group)s, %(half)s") % said,
        "abstract": _("What %(group)s did from %(half)s: meetings, rankings, decisions, actions, outcomes.") % said,
    }


def of_group(group: WorkingGroup) -> Words:
    return {"title": _("%(group)s at a glance") % {"group": group.name}, "abstract": group.summary}
