"""What a reader wants of letters that are not essential: of which class, each or gathered, and at what hours."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, QuerySet

from history.prepared import Key, Prepared
from notices import hours
from notices.letters import letter_of
from notices.models import Channel, Notice, Preference, QuietHours
from people.models import User

DIGEST_AT = dt.time(7)  # on the reader's clock


def channels_of(person: User) -> dict[str, Channel]:
    """What the person chose, by class; a class without a choice is left out. Asked for unless it was fetched."""
    fetched = "letter_preferences" in getattr(person, "_prefetched_objects_cache", ())
    chosen = person.letter_preferences.all() if fetched else CHOSEN.ask(person=person.pk)
    return {each.letter_class: Channel(each.channel) for each in chosen}


def _chosen() -> QuerySet[Preference]:
    return Preference.objects.filter(person=Key("person", BigIntegerField())).order_by()


CHOSEN = Prepared(_chosen)  # asked for each letter that may be switched off


def channel_of(notice: Notice) -> Channel:
    letter = letter_of(notice.kind)
    if letter.essential or letter.letter_class is None or notice.recipient is None:
        return Channel.MAIL
    return channels_of(notice.recipient).get(letter.letter_class, Channel.MAIL)


def quiet_hours_of(person: User) -> QuietHours | None:
    return getattr(person, "quiet_hours", None)


def awake(person: User, moment: dt.datetime) -> dt.datetime:
    """Return `moment`, or the end of the person's quiet hours where it falls into them."""
    quiet = quiet_hours_of(person)
    return hours.awake(moment, quiet.begins, quiet.ends, ZoneInfo(person.timezone)) if quiet else moment


def next_digest(person: User, moment: dt.datetime) -> dt.datetime:
    """Return when the person's next daily letter leaves: at seven on their clock, or when their quiet hours end."""
    return awake(person, hours.next_at(moment, DIGEST_AT, ZoneInfo(person.timezone)))
