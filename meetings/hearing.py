"""Who has heard of a meeting: news of it, and that it is off, are for nobody else."""

import uuid

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, QuerySet, UUIDField

from history.prepared import Key, Prepared
from meetings import kinds
from meetings.models import DatePoll, Meeting
from notices.models import Notice, NoticeQuerySet

ASKING = (kinds.INVITATION, kinds.UPDATE)
NOBODY = uuid.UUID(int=0)  # the lease of a letter that no worker holds


def told(meeting: Meeting) -> set[int]:
    """Return the ids of the people whom an invitation or its news has reached, or may be reaching now."""
    reached = set(_asking(meeting).told().values_list("recipient", flat=True))
    return reached | set(_with_series(meeting).told().values_list("recipient", flat=True))


def concerned(meeting: Meeting) -> set[int]:
    """Return the ids of those who are to hear that it is off.

    Whoever has heard of it and did not lose it on leaving the group; and members who were asked for a date.
    """
    stands = meeting.attendees.filter(withdrawn_at=None, user__in=told(meeting)).values_list("user", flat=True)
    asked = meeting.group.memberships.active().filter(user__in=_asked(meeting).told().values("recipient"))
    return {*stands, *asked.values_list("user", flat=True)}


def was_asked(notice: Notice) -> bool:
    """Was the recipient asked for a date of the meeting that `notice` is about?"""
    meeting = notice.about
    return isinstance(meeting, Meeting) and _asked(meeting).told().filter(recipient=notice.recipient).exists()


def has_heard(notice: Notice) -> bool:
    """Has another letter told the recipient of `notice` of its meeting, or may it be doing so now?"""
    meeting = notice.about
    if not isinstance(meeting, Meeting):
        raise TypeError(f"{notice.key} is about no meeting")
    lease = notice.lease or NOBODY
    keys = {"type": notice.about_type_id, "meeting": meeting.pk, "recipient": notice.recipient_id, "pk": notice.pk}
    if BESIDE.first(**keys, lease=lease):
        return True
    others = Notice.objects.told_beside(notice).filter(recipient=notice.recipient)
    return meeting.series_id is not None and (others & _with_series(meeting)).exists()


def _beside() -> QuerySet[Notice]:
    """As `told_beside`, of one meeting and one person."""
    keys = {name: Key(name, BigIntegerField()) for name in ("type", "meeting", "recipient", "pk")}
    asking = Notice.objects.told().filter(kind__in=ASKING)
    of_meeting = asking.filter(about_type=keys["type"], about_id=keys["meeting"])
    others = of_meeting.filter(recipient=keys["recipient"]).exclude(pk=keys["pk"])
    held = others.exclude(state=Notice.State.CLAIMED, lease=Key("lease", UUIDField()))
    return held.only("pk").order_by()[:1]


BESIDE = Prepared(_beside)  # asked for each letter of news


def _asking(meeting: Meeting) -> NoticeQuerySet:
    asking = Notice.objects.about(meeting).filter(kind__in=ASKING)
    return asking.filter(recipient__isnull=False).order_by()


def _with_series(meeting: Meeting) -> NoticeQuerySet:
    """Letters that name it together with others of its series."""
    if meeting.series_id is None:
        return Notice.objects.none()
    named = Notice.objects.filter(kind=kinds.SERIES, payload__meetings__has_key=str(meeting.pk))
    return named.exclude(payload__deed="cancelled").filter(recipient__isnull=False).order_by()


def _asked(meeting: Meeting) -> NoticeQuerySet:
    polls = Notice.objects.filter(about_type=ContentType.objects.get_for_model(DatePoll), kind=kinds.DATE_POLL)
    return polls.filter(about_id__in=meeting.polls.values("pk"), recipient__isnull=False).order_by()
