"""From a meeting to its calendar entry: the public block beside the row, and the messages to one person."""

from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from history.paths import path
from meetings import ical
from meetings.models import Meeting
from people.models import User
from workinggroups.models import WorkingGroup

GONE = {Meeting.State.CANCELLED, Meeting.State.POSTPONED}


def absolute(path: str) -> str:
    """Letters and calendars are made without a request, so that the site's own address comes from the settings."""
    return settings.SITE_URL + path


def contact_of(group: WorkingGroup) -> str:
    return group.contact_email or settings.CONTACT_EMAIL


def public_block(meeting: Meeting) -> str:
    """Return the VEVENT for feeds; empty for a meeting without an exact time, or one that was never announced.

    Always in the site's first language: its bytes must not depend on who saved the meeting.
    """
    if meeting.announced_at is None or meeting.starts_at is None:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return ical.block(_occasion(meeting, _text(meeting.when, meeting.summary)))


def own_block(block: str, join_url: str) -> str:
    """Return a public VEVENT as somebody who is invited sees it: with the link, as long as there is one to join by."""
    if not join_url:
        return block
    with translation.override(settings.LANGUAGE_CODE):
        return ical.with_line(block, _("Join online: %(url)s") % {"url": join_url})


def invitation(meeting: Meeting, person: User, *, shift: int = 0) -> str:
    """Return the REQUEST for one person, whose own SEQUENCE is `shift` ahead of the meeting's."""
    occasion = _shifted(_occasion(meeting, _for(meeting, person)), shift)
    return ical.request(occasion, _organiser(meeting.group), _invitee(person))


def cancellation(meeting: Meeting, person: User, *, shift: int = 0) -> str:
    occasion = _shifted(_occasion(meeting, _text(meeting.reason)), shift)
    return ical.cancel(occasion, _organiser(meeting.group), _invitee(person))


def request_to(meeting: Meeting, substitute: ical.Party, *, sender: str, shift: int = 0) -> str:
    """Return the REQUEST for somebody without an account, who comes in the place of `sender`."""
    link = _("Join online: %(url)s") % {"url": meeting.join_url} if meeting.join_url else ""
    place = _("In the place of %(name)s") % {"name": sender}
    occasion = _shifted(_occasion(meeting, _text(meeting.when, place, meeting.summary, link)), shift)
    return ical.request(occasion, _organiser(meeting.group), substitute)


def cancel_to(meeting: Meeting, substitute: ical.Party, *, shift: int = 0) -> str:
    """Return the CANCEL for somebody without an account."""
    occasion = _shifted(_occasion(meeting, _text(meeting.reason)), shift)
    return ical.cancel(occasion, _organiser(meeting.group), substitute)


def _shifted(occasion: ical.Occasion, shift: int) -> ical.Occasion:
    return replace(occasion, sequence=occasion.sequence + shift)


def _for(meeting: Meeting, person: User) -> str:
    """Calendar clients answer to the organiser's mailbox, which the portal does not read: hence the link."""
    reply = absolute(path("meetings:reply", meeting.slug))
    link = _("Join online: %(url)s") % {"url": meeting.join_url} if meeting.join_url else ""
    own = meeting.when_for(person)
    answer = _("Answer here: %(url)s") % {"url": reply}
    return _text(meeting.when, _("Your time: %(hours)s") % {"hours": own} if own else "", meeting.summary, link, answer)


def _text(*paragraphs: str) -> str:
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _occasion(meeting: Meeting, description: str) -> ical.Occasion:
    if meeting.starts_at is None or meeting.ends_at is None:
        raise ValueError(f"{meeting.slug} has no exact time and thus no calendar entry")
    return ical.Occasion(
        uid=str(meeting.uid),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=meeting.changed_at,
        sequence=meeting.sequence,
        title=meeting.title,
        description=description,
        place=meeting.where,
        url=absolute(meeting.get_absolute_url()),
        is_cancelled=meeting.state in GONE,
    )


def _organiser(group: WorkingGroup) -> ical.Party:
    return ical.Party(group.name, contact_of(group))


def _invitee(person: User) -> ical.Party:
    return ical.Party(str(person), person.email)
