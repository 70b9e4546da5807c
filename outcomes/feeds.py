"""The Atom feeds: one entry for each publication, renewed with each edition, with the summary in full.

A filtered feed is a feed of its own, with its filters in its address; what does not fit stands on pages (RFC 5005).
"""

import datetime as dt
import hashlib
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from challenges.models import Challenge
from history.prose import to_html
from outcomes.characters import clean
from outcomes.filters import OutcomeFilter
from outcomes.listed import addresses, group_names
from outcomes.models import Edition, EditionQuerySet, Publication
from workinggroups.models import WorkingGroup

PER_PAGE = 50
TOLD = ("publication__slug", "publication__kind", "version", "title", "abstract", "plain_summary", "published_at")
BEFORE_ALL = dt.datetime(2023, 3, 30, tzinfo=dt.UTC)  # the community was launched; an empty feed is as old


class Feed(Atom1Feed):
    """An empty feed must not say that it changed just now: its bytes would differ at each visit."""

    def latest_post_date(self) -> dt.datetime:
        return super().latest_post_date() if self.items else BEFORE_ALL

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation in ("next", "previous"):
            if address := self.feed.get(relation):
                handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def turn_to(self, number: int, *, is_last: bool) -> None:
        """Name this page and its neighbours."""
        first = self.feed["feed_url"]
        join = "&" if "?" in first else "?"

        def at(page: int) -> str:
            return first if page == 1 else f"{first}{join}page={page}"

        self.feed["feed_url"] = at(number)
        self.feed["previous"] = at(number - 1) if number > 1 else ""
        self.feed["next"] = "" if is_last else at(number + 1)


@login_not_required
@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    """The newest outcomes, filtered like the list; a reader that has the same bytes gets 304."""
    asked = urlencode({name: value for name, value in OutcomeFilter.read(request.GET).items() if value}, doseq=True)
    page, own = (reverse(name) + (asked and f"?{asked}") for name in ("outcomes:list", "outcomes:feed"))
    feed = _empty(_("Outcomes of the S3 Community of Practice"), page, own)
    return _answer(request, feed, OutcomeFilter(request.GET).qs)


@login_not_required
@require_safe
def group_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The newest outcomes of one working group."""
    group = get_object_or_404(WorkingGroup.objects.visible_to(None), slug=slug)
    feed = _empty(_("Outcomes: %(group)s") % {"group": group.name}, group.get_absolute_url(), request.path)
    return _answer(request, feed, Edition.objects.published().filter(publication__groups=group))


@login_not_required
@require_safe
def topic_atom(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The newest outcomes on one challenge."""
    topic = get_object_or_404(Challenge.objects.visible_to(None), slug=slug)
    feed = _empty(_("Outcomes on: %(topic)s") % {"topic": topic.title}, topic.get_absolute_url(), request.path)
    return _answer(request, feed, Edition.objects.published().filter(publication__topics=topic))


def _answer(request: HttpRequest, feed: Feed, found: EditionQuerySet) -> HttpResponseBase:
    rows: QuerySet[Any, Any] = found.order_by("-published_at", "-pk").values(*TOLD, names=group_names())
    number = _number(request.GET.get("page", ""))
    told = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    feed.turn_to(number, is_last=len(told) <= PER_PAGE)
    for edition in told[:PER_PAGE]:
        _add(feed, edition)
    content = feed.writeString("utf-8")
    etag = f'"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8", headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response


def _number(text: str) -> int:
    """Of the page; the first for what is none."""
    return int(text) if re.fullmatch("[1-9][0-9]{0,5}", text) else 1


def _empty(title: str, page: str, own: str) -> Feed:
    return Feed(
        title=clean(title),
        link=settings.SITE_URL + page,
        description=_("What the working groups publish."),
        feed_url=settings.SITE_URL + own,
        language=get_language(),
    )


def _add(feed: Feed, told: dict[str, Any]) -> None:
    publication, edition = addresses(told["publication__slug"], told["version"])
    feed.add_item(
        title=clean(told["title"]),
        link=settings.SITE_URL + edition,
        description=_summary(told["abstract"], told["plain_summary"]),
        unique_id=settings.SITE_URL + publication,
        author_name=clean(", ".join(told["names"])),
        pubdate=told["published_at"],
        updateddate=told["published_at"],
        categories=[str(Publication.Kind(told["publication__kind"]).label)],
    )


@lru_cache(maxsize=500)
def _summary(abstract: str, plain_summary: str) -> str:
    """Of what is in print, which never changes: made once."""
    return linebreaks(clean(abstract), autoescape=True) + to_html(clean(plain_summary))
