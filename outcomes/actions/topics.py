"""The challenges a publication is about. Feeds and letters go by them, so they may still change in print."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from challenges.models import Challenge
from history import actions as history
from outcomes.actions.drafting import ask_for_build
from outcomes.actions.locking import lock_publication, locked
from outcomes.models import Edition, Publication
from people.models import User

State = Edition.State
UNREAD = (State.BUILDING, State.READY)  # built, or being built, and not yet read by the group


@transaction.atomic
def set_topics(
    *, publication: Publication, topics: Iterable[Challenge], by: User, now: dt.datetime | None = None
) -> Publication:
    """Take the challenges for those of before. Files in review and in print stay; what nobody reads yet is built anew.

    A build that runs is overtaken: it may have read the topics of before.
    """
    held = lock_publication(publication.pk)
    before = sorted(held.topics.values_list("slug", flat=True))
    chosen = {topic.pk: topic.slug for topic in topics}
    after = sorted(chosen.values())
    if after == before:
        return held
    held.topics.set(chosen)
    is_public = held.editions.public().exists()
    payload = {"before": before, "topics": after}
    history.record(held, "topics_changed", by=by, payload=payload, public=is_public, at=now)
    for edition in held.editions.filter(state__in=UNREAD):
        ask_for_build(locked(edition))
    return held
