"""OAI-PMH 2.0 at /oai: publications for harvesters of libraries, as Dublin Core. Withdrawn ones stay as deleted."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest, Trunc
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from history.clock import database_now
from history.models import Entry
from outcomes.characters import clean
from outcomes.imprint import LICENCES
from outcomes.models import Edition, Publication
from outcomes.oai_requests import PREFIX, SECOND, ProtocolError, Request, read
from workinggroups.models import WorkingGroup

OAI, DC = "http://www.openarchives.org/OAI/2.0/", "http://purl.org/dc/elements/1.1/"
OAI_DC, XSI = "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://www.w3.org/2001/XMLSchema-instance"
PAGE = 100
SALT = "outcomes.oai"
LAUNCHED = "2023-03-30T00:00:00Z"
NAME = "S3 Community of Practice: outcomes"


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answer one request; errors of the protocol come with status 200, as it wants."""
    asked = dict((request.POST if request.method == "POST" else request.GET).lists())
    places = {"xmlns": OAI, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{OAI} {OAI}OAI-PMH.xsd"}
    root = Element("OAI-PMH", places)
    _add(root, "responseDate", f"{database_now().astimezone(dt.UTC):{SECOND}}")
    echoed = _add(root, "request", settings.SITE_URL + reverse("outcomes:oai"))
    try:
        wanted = read(asked)
        answer = VERBS[wanted.verb](wanted)
    except ProtocolError as error:
        if error.code not in {"badVerb", "badArgument"}:
            echoed.attrib.update(_plain(asked))
        _add(root, "error", str(error)).set("code", error.code)
    else:
        echoed.attrib.update(_plain(asked))
        root.append(answer)
    return HttpResponse(tostring(root, "utf-8", xml_declaration=True), content_type="text/xml; charset=utf-8")


def _plain(asked: dict[str, Any]) -> dict[str, str]:
    return {clean(name): clean(values[0]) for name, values in asked.items()}


def _add(parent: Element, name: str, text: str = "") -> Element:
    child = SubElement(parent, name)
    child.text = clean(text)
    return child


def records() -> QuerySet[Any]:
    """One edition for each publication that was ever in print: the published one, else the last that was withdrawn."""
    others = Edition.objects.filter(publication=OuterRef("publication"))
    in_print = Exists(others.filter(state="published"))
    later = Exists(others.filter(state="withdrawn", version__gt=OuterRef("version")))
    found = Edition.objects.filter(Q(state="published") | Q(~in_print, ~later, state="withdrawn"))
    retold = Entry.objects.published().filter(
        about_type=ContentType.objects.get_for_model(Publication),
        about_id=OuterRef("publication_id"),
        verb="topics_changed",
    )
    newest = Subquery(retold.order_by("-at").values("at")[:1])
    changed = Greatest("withdrawn_at", "published_at", "doi_changed_at", newest)  # what is empty does not count
    stamped = found.annotate(stamp=Trunc(changed, "second"))
    return stamped.short().select_related("publication").prefetch_related("publication__groups", "publication__topics")


def _identify(_: Request) -> Element:
    node = Element("Identify")
    for name, text in (
        ("repositoryName", NAME),
        ("baseURL", settings.SITE_URL + reverse("outcomes:oai")),
        ("protocolVersion", "2.0"),
        ("adminEmail", settings.CONTACT_EMAIL),
        ("earliestDatestamp", LAUNCHED),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ):
        _add(node, name, text)
    return node


def _formats(asked: Request) -> Element:
    if asked.identifier:
        _one(asked.identifier)
    node = Element("ListMetadataFormats")
    known = _add(node, "metadataFormat")
    for name, text in (("metadataPrefix", PREFIX), ("schema", f"{OAI}oai_dc.xsd"), ("metadataNamespace", OAI_DC)):
        _add(known, name, text)
    return node


def _sets(asked: Request) -> Element:
    if asked.token:
        raise ProtocolError("badResumptionToken", "The list of sets comes whole.")
    node = Element("ListSets")
    named = [(f"group:{group.slug}", group.name) for group in WorkingGroup.objects.order_by("slug")]
    named += [(f"kind:{kind}", str(label)) for kind, label in Publication.Kind.choices]
    for spec, name in [("group", "Working groups"), ("kind", "Kinds"), *named]:
        each = _add(node, "set")
        _add(each, "setSpec", spec)
        _add(each, "setName", name)
    return node


def _get(asked: Request) -> Element:
    node = Element("GetRecord")
    _record(node, _one(asked.identifier))
    return node


def _identifiers(asked: Request) -> Element:
    return _list(asked, Element("ListIdentifiers"), _header)


def _records(asked: Request) -> Element:
    return _list(asked, Element("ListRecords"), _record)


VERBS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
    "GetRecord": _get,
}


def _list(asked: Request, node: Element, write: Any) -> Element:
    """A page of records after the last one told; the token holds the question, so that no state is kept."""
    since, before, set_name, after, told = _question(asked)
    found = _in_set(records(), set_name)
    found = found.filter(stamp__gte=since) if since else found
    found = found.filter(stamp__lt=before) if before else found
    total = found.count()
    if after:
        stamp = dt.datetime.fromisoformat(after[0])
        found = found.filter(Q(stamp__gt=stamp) | Q(stamp=stamp, pk__gt=after[1]))
    page = list(found.order_by("stamp", "pk")[: PAGE + 1])
    if not page:
        raise ProtocolError("noRecordsMatch", "Nothing matches.")
    for edition in page[:PAGE]:
        write(node, edition)
    _resume(node, page, (since, before, set_name, told, total))
    return node


def _resume(node: Element, page: list[Edition], question: tuple[Any, Any, str, int, int]) -> None:
    since, before, set_name, told, total = question
    more = len(page) > PAGE
    if not more and not told:
        return
    last: Any = page[PAGE - 1] if more else None
    kept = [since and since.isoformat(), before and before.isoformat(), set_name]
    token = signing.dumps([*kept, [last.stamp.isoformat(), last.pk], told + PAGE], salt=SALT) if more else ""
    element = _add(node, "resumptionToken", token)
    element.attrib.update({"completeListSize": str(total), "cursor": str(told)})


def _question(asked: Request) -> tuple[dt.datetime | None, dt.datetime | None, str, Any, int]:
    """Since, before, set, the last record told and how many were; of the request, or of its token."""
    if not asked.token:
        return asked.since, asked.before, asked.set_name, None, 0
    try:
        since, before, set_name, after, told = signing.loads(asked.token, salt=SALT)
    except signing.BadSignature:
        raise ProtocolError("badResumptionToken", "This token was not made here.") from None
    moments = [dt.datetime.fromisoformat(text) if text else None for text in (since, before)]
    return moments[0], moments[1], set_name, after, told


def _in_set(found: QuerySet[Any], name: str) -> QuerySet[Any]:
    kind, _, value = name.partition(":")
    if kind == "group":
        of_group = Publication.objects.filter(groups__slug=value) if value else Publication.objects.exclude(groups=None)
        return found.filter(publication__in=of_group.values("pk"))
    if kind == "kind":
        return found.filter(publication__kind=value) if value else found
    return found if not name else found.none()


def _one(identifier: str) -> Edition:
    prefix, slug = _identifier(""), identifier
    known = records().filter(publication__slug=slug.removeprefix(prefix))
    found: Edition | None = known.first() if slug.startswith(prefix) else None
    if found is None:
        raise ProtocolError("idDoesNotExist", "There is no such record.")
    return found


def _identifier(slug: str) -> str:
    return f"oai:{urlsplit(settings.SITE_URL).hostname}:{slug}"


def _header(parent: Element, edition: Any) -> None:
    header = _add(parent, "header")
    if edition.state == Edition.State.WITHDRAWN:
        header.set("status", "deleted")
    _add(header, "identifier", _identifier(edition.publication.slug))
    _add(header, "datestamp", f"{edition.stamp.astimezone(dt.UTC):{SECOND}}")
    for group in edition.publication.groups.all():
        _add(header, "setSpec", f"group:{group.slug}")
    _add(header, "setSpec", f"kind:{edition.publication.kind}")


def _record(parent: Element, edition: Edition) -> None:
    record = _add(parent, "record")
    _header(record, edition)
    if edition.state == Edition.State.WITHDRAWN:
        return
    places = {"xmlns:oai_dc": OAI_DC, "xmlns:dc": DC, "xsi:schemaLocation": f"{OAI_DC} {OAI}oai_dc.xsd"}
    dublin = SubElement(_add(record, "metadata"), "oai_dc:dc", places)
    for name, text in _dublin_core(edition):
        if text:
            _add(dublin, f"dc:{name}", text)


def _dublin_core(edition: Edition) -> list[tuple[str, str]]:
    publication, page = edition.publication, settings.SITE_URL + edition.get_absolute_url()
    topics = [topic for topic in publication.topics.all() if topic.status not in {"proposed", "parked"}]
    name, licence = LICENCES.get(edition.licence, (edition.licence, ""))
    return [
        ("title", edition.title),
        *(("creator", group.name) for group in publication.groups.all()),
        *(("subject", topic.title) for topic in topics),
        ("description", edition.abstract),
        ("publisher", "S3 Community of Practice"),
        ("date", f"{edition.published_at:%Y-%m-%d}"),
        ("type", "Text"),
        ("type", str(publication.get_kind_display())),
        ("format", "text/html"),
        ("identifier", page),
        ("identifier", edition.doi_address),
        ("language", edition.language),
        ("rights", licence or name),
    ]
