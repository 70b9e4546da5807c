"""What readers find behind an address that is not theirs."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from meetings.models import Meeting
from meetings.rules import Standing, standing
from people.models import User


def meeting_for(person: User, slug: str) -> tuple[Meeting, Standing]:
    """Return a meeting that the person may see and what they may do with it. Raises Http404."""
    visible = Meeting.objects.visible_to(person).select_related("group")
    meeting = get_object_or_404(visible, slug=slug)
    return meeting, standing(person, meeting)


def admit(allowed: bool, may: Standing, sentence: str) -> None:  # noqa: FBT001 - an answer of a rule
    """Let the allowed in; tell the others of the group why not, and strangers nothing."""
    if allowed:
        return
    if may.can_join:
        raise PermissionDenied(sentence)
    raise Http404
