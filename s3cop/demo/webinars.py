"""Loads webinars and conferences: those of the past as they are known, one to come with its registration open."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from meetings import actions
from meetings.models import Meeting, Webinar
from s3cop.demo.book import Book, Record, instant, moment
from s3cop.demo.community import group, office
from s3cop.demo.timeline import Deed

BEFORE = dt.timedelta(days=10)  # the coming one is announced so long before the day of loading
DAY = dt.timedelta(days=1)


def webinar_deeds(book: Book) -> Iterator[Deed]:
    for record in book.records("outcomes.webinars"):
        if record["state"] == Webinar.State.HELD:
            yield Deed(_after(record), "webinars", partial(_record, record))
        else:
            at = instant(book.today.isoformat(), hour=9) - BEFORE
            yield Deed(at, "webinars", partial(_open, record, at))


def _after(record: Record) -> dt.datetime:
    return moment(record["ends_at"], record["timezone"]) or instant(record["approx_date"]) + DAY


def _details(record: Record) -> actions.WebinarDetails:
    place = record["place"] or ""
    return {
        "slug": record["slug"],
        "kind": record["kind"],
        "title": record["title"],
        "series": record["series"] or "",
        "position": record["position"],
        "starts_at": moment(record["starts_at"], record["timezone"]),
        "ends_at": moment(record["ends_at"], record["timezone"]),
        "approx_date": record["approx_date"] or "",
        "timezone": record["timezone"],
        "mode": Meeting.Mode.ONLINE if place in {"", "Online"} else Meeting.Mode.IN_PERSON,
        "place": "" if place == "Online" else place,
        "participants": record["participants"],
        "recording_url": record["recording_url"] or "",
    }


def _record(record: Record) -> bool:
    if Webinar.objects.filter(slug=record["slug"]).exists():
        return False
    groups = [group(slug) for slug in record["groups"]]
    actions.record_webinar(by=office(), groups=groups, now=_after(record), **_details(record))
    return True


def _open(record: Record, at: dt.datetime) -> bool:
    if Webinar.objects.filter(slug=record["slug"]).exists():
        return False
    groups = [group(slug) for slug in record["groups"]]
    webinar = actions.draft_webinar(by=office(), groups=groups, now=at, **_details(record))
    webinar = actions.announce_webinar(webinar=webinar, by=office(), now=at)
    actions.open_registration(webinar=webinar, by=office(), now=at)
    return True
