"""Who gets how far: strangers learn nothing, members learn why a step is not theirs."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.functional import Promise

from people.models import User
from workinggroups import rules
from workinggroups.models import WorkingGroup


def admit(user: User, group: WorkingGroup, *, allowed: bool, sentence: str | Promise = "") -> None:
    """Raise 404 for somebody outside the group, 403 with the sentence for somebody inside whose step it is not."""
    if allowed:
        return
    if not rules.can_enter(user, group):
        raise Http404
    raise PermissionDenied(str(sentence))
