"""The letter of this room: an invitation to join a group."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from notices.letters import Draft, Letter, register
from notices.models import Notice
from workinggroups.actions import INVITATION_LETTER
from workinggroups.models import Invitation
from workinggroups.tokens import join_path

GONE = gettext_noop("no longer open")


def invited(notice: Notice) -> Invitation:
    """Return the invitation the letter is about; raises Invitation.DoesNotExist."""
    return Invitation.objects.select_related("group", "invited_by").get(pk=notice.about_id)


def unwanted(notice: Notice, now: dt.datetime) -> str:
    invitation = invited(notice)
    open_still = invitation.state == Invitation.State.PENDING and invitation.expires_at > now
    return "" if open_still else GONE


def compose(notice: Notice) -> Draft:
    invitation = invited(notice)
    group = invitation.group
    return Draft(
        subject=_("Invitation to the working group %(group)s") % {"group": group},
        context={
            "group": group,
            "group_url": settings.SITE_URL + group.get_absolute_url(),
            "invitation": invitation,
            "join_url": settings.SITE_URL + join_path(invitation),
            "to_account": notice.recipient is not None,
        },
        reply_to=group.contact_email,
    )


def newest() -> Invitation | None:
    """An invitation to show the letter with."""
    return Invitation.objects.order_by("-pk").first()


def register_all() -> None:
    register(
        Letter(
            kind=INVITATION_LETTER,
            describes=gettext_lazy("Invitation to join a working group"),
            unwanted=unwanted,
            compose=compose,
            who_gets=gettext_lazy("whoever a leader or the secretariat invites to join, with or without an account"),
            sample=newest,
        )
    )
