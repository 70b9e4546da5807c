"""Letters of a review: the group is asked to comment, its leaders to sign off."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from meetings import times
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice
from outcomes import rules
from outcomes.actions.review import COMMENT_LETTER, ENDED, SIGN_OFF_LETTER
from outcomes.models import Edition


def comment_unwanted(notice: Notice, now: dt.datetime) -> str:
    """Not once the time is over, nor to who left the group, nor of what was discarded."""
    edition = Edition.objects.short().filter(pk=notice.about_id).first()
    return "" if edition and rules.can_comment(notice.recipient, edition, now) else ENDED


def sign_off_unwanted(notice: Notice, _now: dt.datetime) -> str:
    """Not once a leader has signed, or the edition went back, for good or not."""
    edition = Edition.objects.short().filter(pk=notice.about_id).first()
    return (
        "" if edition and rules.can_sign_off(notice.recipient, edition) else gettext_noop("no sign-off needed any more")
    )


def compose_comment(notice: Notice) -> Draft:
    return _draft(notice, _("For comment: %(title)s"))


def compose_sign_off(notice: Notice) -> Draft:
    return _draft(notice, _("For your sign-off: %(title)s"))


def _draft(notice: Notice, subject: str) -> Draft:
    edition = Edition.objects.short().select_related("publication", "submitted_by").get(pk=notice.about_id)
    until = edition.comments_until
    return Draft(
        subject=subject % {"title": edition.title},
        context={
            "edition": edition,
            "groups": ", ".join(group.name for group in edition.publication.groups.order_by("name", "pk")),
            "sender": edition.submitted_by,
            "until": times.point(until, _zone(notice)) if until else "",
            "edition_url": settings.SITE_URL + _door(edition),
        },
    )


def _door(edition: Edition) -> str:
    """An address that asks who is not signed in to sign in, and leads to the page, which strangers do not find."""
    return reverse("outcomes:comment", args=[edition.publication.slug, edition.version])


def _zone(notice: Notice) -> ZoneInfo:
    """The reader's: a review belongs to no place."""
    return ZoneInfo(notice.recipient.timezone if notice.recipient else settings.TIME_ZONE)


def newest() -> Edition | None:
    """An edition to show the letters with; first of all one that the group may comment on."""
    sent = Edition.objects.short().exclude(submitted_at=None)
    return sent.order_by(F("comments_until").desc(nulls_last=True), "-pk").first()


def register_all() -> None:
    register(
        Letter(
            kind=COMMENT_LETTER,
            describes=gettext_lazy("A publication of the group is open for comments"),
            unwanted=comment_unwanted,
            compose=compose_comment,
            essential=False,
            letter_class=LetterClass.OUTCOME,
            who_gets=gettext_lazy("all members of the group, when an edition goes to review with time for comments"),
            sample=newest,
        )
    )
    register(
        Letter(
            kind=SIGN_OFF_LETTER,
            describes=gettext_lazy("A publication waits for the leader’s sign-off"),
            unwanted=sign_off_unwanted,
            compose=compose_sign_off,
            letter_class=LetterClass.OUTCOME,
            who_gets=gettext_lazy("the leaders of the group, when an edition goes to review"),
            sample=newest,
        )
    )
