"""The letters of this room: a round has opened, please rank; and it is still open, for those without a ballot."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from challenges import times
from challenges.actions.reminders import REMINDER_LETTER
from challenges.actions.rounds import OPENED_LETTER
from challenges.models import Elector, RankingRound, RoundOption
from meetings.times import own_point
from notices.letters import Draft, Letter, register
from notices.models import LetterClass, Notice


def unwanted(notice: Notice, now: dt.datetime) -> str:
    """Not once the round takes no ballots. Who has voted gets it too: a letter skipped for that would tell."""
    round = RankingRound.objects.get(pk=notice.about_id)
    return "" if round.takes_ballots(now) else gettext_noop("round no longer open")


def reminder_unwanted(notice: Notice, now: dt.datetime) -> str:
    """Not once the round takes no ballots, nor to whom it has one of; both are told alike."""
    silent = Elector.objects.filter(round=notice.about_id, user=notice.recipient_id, has_voted=False)
    return "" if not unwanted(notice, now) and silent.exists() else gettext_noop("no longer needed")


def compose(notice: Notice) -> Draft:
    return _draft(notice, _("Please vote: %(title)s") if _on_text(notice) else _("Please rank: %(title)s"))


def compose_reminder(notice: Notice) -> Draft:
    return _draft(notice, _("Still open until %(day)s: %(title)s"))


def _on_text(notice: Notice) -> bool:
    """Whether all options are answers to a text, none of them a challenge."""
    return not RoundOption.objects.filter(round=notice.about_id).exclude(challenge=None).exists()


def _draft(notice: Notice, subject: str) -> Draft:
    round = RankingRound.objects.select_related("group").get(pk=notice.about_id)
    return Draft(
        subject=subject % {"title": round.title, "day": _last_day(round)},
        context={
            "round": round,
            "group": round.group,
            "on_text": _on_text(notice),
            "closes": times.moment(round.closes_at, round.zone),
            "own_closes": _own_closes(notice, round),
            "ballot_url": settings.SITE_URL + reverse("challenges:ballot", args=[round.pk]),
        },
        reply_to=round.group.contact_email,
    )


def _last_day(round: RankingRound) -> str:
    """The day on which it closes, on the round's clock."""
    return date_format(round.closes_at.astimezone(round.zone), "l j F") if round.closes_at else ""


def _own_closes(notice: Notice, round: RankingRound) -> str:
    """When it closes on the reader's clock; empty where it shows the same."""
    if notice.recipient is None or round.closes_at is None:
        return ""
    return own_point(round.closes_at, round.zone, ZoneInfo(notice.recipient.timezone))


def newest() -> RankingRound | None:
    """A round to show the letters with."""
    return RankingRound.objects.exclude(state=RankingRound.State.DRAFT).exclude(closes_at=None).order_by("-pk").first()


def register_all() -> None:
    register(
        Letter(
            kind=OPENED_LETTER,
            describes=gettext_lazy("A ranking round has opened"),
            unwanted=unwanted,
            compose=compose,
            letter_class=LetterClass.ROUND,
            who_gets=gettext_lazy("everybody who may rank in the round, when it opens"),
            sample=newest,
        )
    )
    register(
        Letter(
            kind=REMINDER_LETTER,
            describes=gettext_lazy("A ranking round is still open"),
            unwanted=reminder_unwanted,
            compose=compose_reminder,
            essential=False,
            letter_class=LetterClass.ROUND,
            who_gets=gettext_lazy("whoever may rank in the round and has not done so shortly before it closes"),
            sample=newest,
        )
    )
