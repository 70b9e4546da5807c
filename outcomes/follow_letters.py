"""Letters to followers without an account: please confirm, something was published, the week's publications."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext

from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice
from outcomes import tokens
from outcomes.actions.following import CONFIRM_LETTER, DIGEST_LETTER, PUBLISHED_LETTER
from outcomes.models import Edition, Follower

GONE = gettext_noop("no longer a follower")
SHOWN = 2  # outcomes in the specimen of a digest


def confirm_unwanted(notice: Notice, _now: dt.datetime) -> str:
    return "" if Follower.objects.filter(pk=notice.about_id).exists() else GONE


def published_unwanted(notice: Notice, _now: dt.datetime) -> str:
    """Not to who has left, nor of what was withdrawn or replaced meanwhile."""
    if _follower(notice) is None:
        return GONE
    in_print = Edition.objects.published().filter(pk=notice.about_id)
    return "" if in_print.exists() else gettext_noop("no longer in print")


def digest_unwanted(notice: Notice, _now: dt.datetime) -> str:
    if _follower(notice) is None:
        return GONE
    return "" if _editions(notice) else gettext_noop("nothing left to tell")


def compose_confirm(notice: Notice) -> Draft:
    follower = Follower.objects.select_related("group", "topic").get(pk=notice.about_id)
    known = follower.confirmed_at is not None
    context = {"subject_followed": follower.subject, "cadence": follower.get_cadence_display(), "is_confirmed": known}
    return Draft(
        subject=_("You follow the outcomes already") if known else _("Please confirm: letters about outcomes"),
        context=context | {"following_url": tokens.following_url(follower)},
    )


def compose_published(notice: Notice) -> Draft:
    edition = Edition.objects.short().select_related("publication").get(pk=notice.about_id)
    return _news(notice, [edition], _("Published: %(title)s") % {"title": edition.title})


def compose_digest(notice: Notice) -> Draft:
    editions = _editions(notice)
    n = len(editions)
    return _news(notice, editions, ngettext("%(n)s new outcome", "%(n)s new outcomes", n) % {"n": n})


def _news(notice: Notice, editions: list[Edition], subject: str) -> Draft:
    """The footer's link ends it with one click; in a specimen there is no follower."""
    follower = _follower(notice)
    listed = [{"edition": one, "url": settings.SITE_URL + one.get_absolute_url()} for one in editions]
    followed = {"subject_followed": follower.subject if follower else None, "listed": listed}
    return Draft(subject=subject, context=followed, leave_url=tokens.leave_url(follower) if follower else "")


def _follower(notice: Notice) -> Follower | None:
    pk = notice.payload.get("follower")
    return Follower.objects.confirmed().select_related("group", "topic").filter(pk=pk).first() if pk else None


def _editions(notice: Notice) -> list[Edition]:
    told = Edition.objects.published().short().select_related("publication")
    if "editions" not in notice.payload:  # a specimen
        return list(told.order_by("-published_at", "-pk")[:SHOWN])
    return list(told.filter(pk__in=notice.payload["editions"]).order_by("-published_at", "-pk"))


def newest_edition() -> models.Model | None:
    return Edition.objects.published().short().order_by("-published_at", "-pk").first()


def newest_follower() -> models.Model | None:
    return Follower.objects.order_by("-pk").first()


def register_all() -> None:
    everybody = gettext_lazy("people without an account who follow everything, the group or the topic")
    register(
        Letter(
            kind=CONFIRM_LETTER,
            describes=gettext_lazy("Somebody asked to follow outcomes and is asked to confirm"),
            unwanted=confirm_unwanted,
            compose=compose_confirm,
            who_gets=gettext_lazy("the address that was typed, once"),
            sample=newest_follower,
        )
    )
    register(
        Letter(
            kind=PUBLISHED_LETTER,
            describes=gettext_lazy("An outcome was published"),
            unwanted=published_unwanted,
            compose=compose_published,
            essential=False,
            letter_class=LetterClass.OUTCOME,
            who_gets=everybody,
            sample=newest_edition,
        )
    )
    register(
        Letter(
            kind=DIGEST_LETTER,
            describes=gettext_lazy("The outcomes of a week"),
            unwanted=digest_unwanted,
            compose=compose_digest,
            essential=False,
            letter_class=LetterClass.OUTCOME,
            who_gets=everybody,
            sample=newest_follower,
        )
    )
