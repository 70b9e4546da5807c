"""/sitemap.xml: every public page with the day of its last change, in each language, in at most 50,000 addresses.

A publication stands here with the address that its page calls the canonical one: that of its edition in print.
"""

import datetime as dt
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Max, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from challenges.models import Challenge, RankingRound
from meetings.models import Meeting, Webinar
from outcomes.models import Edition
from workinggroups.models import WorkingGroup

MAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
MOST = 50_000
LISTS = [
    "s3cop:home", "outcomes:list", "outcomes:references", "workinggroups:list", "meetings:list", "meetings:webinars",
    "challenges:list",
]  # fmt: skip
STANDING = ["s3cop:privacy", "s3cop:accessibility"]
Entry = tuple[str, list[object], dt.datetime | None]
Named = tuple[str, int]  # an edition: slug and version
Families = dict[tuple[object, ...], dict[str, Named]]  # of each: language and edition in print of the same


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    root = Element("urlset", {"xmlns": MAP, "xmlns:xhtml": XHTML})
    families = translations()
    for number, entry in enumerate(entries()):
        if number >= MOST:
            break
        _add(root, entry, families)
    content = tostring(root, "utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


def entries() -> Iterator[Entry]:
    """Lists, then publications, groups, challenges, rounds, meetings and webinars; what is not public is not here."""
    editions = Edition.objects.published().order_by("-published_at", "-pk")
    newest = editions.aggregate(newest=Max("published_at"))["newest"]
    yield from ((name, [], newest if name in {"s3cop:home", "outcomes:list"} else None) for name in LISTS)
    yield from ((name, [], None) for name in STANDING)
    for slug, version, at in editions.values_list("publication__slug", "version", "published_at"):
        yield "outcomes:edition", [slug, version], at
    for slug in WorkingGroup.objects.visible_to(None).order_by("slug").values_list("slug", flat=True):
        yield "workinggroups:detail", [slug], None
    listed = Challenge.objects.published().exclude(status=Challenge.Status.MERGED).order_by("slug")
    for slug in listed.values_list("slug", flat=True):
        yield "challenges:detail", [slug], None
    for pk, at in RankingRound.objects.published().order_by("pk").values_list("pk", "published_at"):
        yield "challenges:round", [pk], at
    for slug, at in Meeting.objects.announced().order_by("slug").values_list("slug", "changed_at"):
        yield "meetings:detail", [slug], at
    for slug, at in Webinar.objects.published().order_by("slug").values_list("slug", "changed_at"):
        yield "meetings:webinar", [slug], at


def translations() -> Families:
    """Publications that are published in several languages, each a page of its own."""
    original = Coalesce("publication__translation_of", "publication")
    editions = Edition.objects.published().annotate(original=original).order_by("original", "publication_id")
    linked = editions.filter(Q(publication__translation_of__isnull=False) | Q(publication__translations__isnull=False))
    by_original: dict[int, dict[str, Named]] = {}
    told = linked.distinct().values_list("original", "language", "publication__slug", "version")
    for root, language, slug, version in told:
        by_original.setdefault(root, {})[language] = (slug, version)
    return {named: family for family in by_original.values() if len(family) > 1 for named in family.values()}


def _add(root: Element, entry: Entry, families: Families) -> None:
    name, arguments, changed = entry
    in_languages = {code: _address(name, arguments, code) for code, _label in settings.LANGUAGES}
    alternates = in_languages if len(set(in_languages.values())) > 1 else {}
    if name == "outcomes:edition" and (family := families.get(tuple(arguments))):
        alternates = {code: _address(name, [*named], settings.LANGUAGE_CODE) for code, named in family.items()}
    for address in dict.fromkeys(in_languages.values()):
        url = SubElement(root, "url")
        SubElement(url, "loc").text = address
        if changed:
            SubElement(url, "lastmod").text = f"{changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        for code, other in alternates.items():
            SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": code, "href": other})


def _address(name: str, arguments: list[object], language: str) -> str:
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=arguments)
