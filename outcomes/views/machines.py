"""What machines fetch besides pages: the catalogue of data, and the picture of a shared link."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from outcomes import catalogue, metadata
from outcomes.cards import card as picture
from outcomes.imprint import LICENCES
from outcomes.models import Edition

SITE_NAME = "S3 Community of Practice"
WEEK = 7 * 24 * 3600


@login_not_required
@require_safe
def turtle(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    return HttpResponse(catalogue.to_turtle(_triples()), content_type="text/turtle; charset=utf-8")


@login_not_required
@require_safe
def json_ld(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    return HttpResponse(catalogue.to_json_ld(_triples()), content_type="application/ld+json")


@login_not_required
@require_safe
def card(request: HttpRequest, slug: str, version: int) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """The picture of an edition in print; an edition never changes, so neither does this."""
    public = Edition.objects.public().exclude(state=Edition.State.WITHDRAWN).short().select_related("publication")
    edition = get_object_or_404(public.prefetch_related("publication__groups"), publication__slug=slug, version=version)
    groups = [group.name for group in edition.publication.groups.all()]
    try:
        drawn = picture(edition.title, str(edition.publication.get_kind_display()), groups, SITE_NAME)
    except OSError:  # the disk is full, or the font is gone: a page without a picture is still a page
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": f"public, max-age={WEEK}"})


def _triples() -> list[catalogue.Triple]:
    editions = Edition.objects.published().short().select_related("publication").order_by("-published_at", "-pk")
    listed = editions.prefetch_related("files", "publication__groups", "publication__topics")
    site = catalogue.Site(
        url=settings.SITE_URL,
        name=SITE_NAME,
        description=_("What the working groups of the S3 Community of Practice publish, with its data."),
        email=settings.CONTACT_EMAIL,
    )
    return catalogue.triples(site, [_dataset(edition) for edition in listed])


def _dataset(edition: Edition) -> catalogue.Dataset:
    publication, page = edition.publication, settings.SITE_URL + edition.get_absolute_url()
    name, licence = LICENCES.get(edition.licence, (edition.licence, ""))
    hidden = {"proposed", "parked"}
    return catalogue.Dataset(
        page=page,
        title=edition.title,
        abstract=edition.abstract,
        language=edition.language,
        issued=f"{edition.published_at:%Y-%m-%d}",
        version=str(edition.version),
        licence=licence or name,
        keywords=tuple(topic.title for topic in publication.topics.all() if topic.status not in hidden),
        creators=tuple(group.name for group in publication.groups.all()),
        files=tuple(
            catalogue.File(
                file.format,
                f"{page}download/{file.format}/",
                metadata.MEDIA[file.format],
                file.size,
                file.sha256,
            )
            for file in edition.files.all()
        ),
        doi_address=edition.doi_address,
    )
