"""Open data of this room, read-only: publications with their editions and files, and references to works of others."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from outcomes.filters import MOST, FacetFilter, OutcomeFilter, ReferenceFilter, TypedFilter
from outcomes.imprint import LICENCES
from outcomes.models import Edition, EditionFile, Publication, Reference

SLUG, VERSION = r"[-a-zA-Z0-9_]+", r"[0-9]{1,5}"
EDITIONS = Edition.objects.public().short().order_by("-version")
extend_schema_field(str)(TypedFilter)
extend_schema_field({"type": "array", "items": {"type": "string"}, "maxItems": MOST})(FacetFilter)


class FileSerializer(serializers.ModelSerializer[EditionFile]):
    """One built file; `sha256` is the checksum of its bytes."""

    address = serializers.SerializerMethodField()

    class Meta:
        model = EditionFile
        fields = ["format", "address", "sha256", "size"]

    def get_address(self, file: EditionFile) -> str:
        return f"{settings.SITE_URL}{file.edition.get_absolute_url()}download/{file.format}/"


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """One edition. A withdrawn one keeps its place, with the reason and without its files."""

    address = serializers.SerializerMethodField()
    licence = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = [
            "version", "state", "title", "language", "licence", "doi", "published_at", "change_note",
            "withdrawn_at", "withdraw_reason", "address",
        ]  # fmt: skip

    def get_address(self, edition: Edition) -> str:
        return settings.SITE_URL + edition.get_absolute_url()

    def get_licence(self, edition: Edition) -> str:
        """Its address where it has one, else its name."""
        name, address = LICENCES.get(edition.licence, (edition.licence, ""))
        return address or name


class PublicationSerializer(EditionSerializer):
    """A publication as its published edition tells it."""

    slug = serializers.CharField(source="publication.slug")
    kind = serializers.CharField(source="publication.kind")
    groups = serializers.SlugRelatedField(source="publication.groups", slug_field="slug", many=True, read_only=True)  # type: ignore[var-annotated]  # the stubs cannot know the model
    topics = serializers.SerializerMethodField()
    regions = serializers.SlugRelatedField(source="publication.regions", slug_field="code", many=True, read_only=True)  # type: ignore[var-annotated]  # as above
    helices = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Edition
        fields = [
            "slug", "kind", "title", "abstract", "plain_summary", "language", "licence", "doi", "groups",
            "topics", "regions", "helices", "version", "published_at", "change_note", "address",
        ]  # fmt: skip

    def get_address(self, edition: Edition) -> str:
        return settings.SITE_URL + edition.publication.get_absolute_url()

    def get_topics(self, edition: Edition) -> list[str]:
        """The challenges it is about, those that are public."""
        return [topic.slug for topic in edition.publication.topics.all() if topic.status not in {"proposed", "parked"}]


class TranslationSerializer(serializers.ModelSerializer[Edition]):
    """The same in another language."""

    slug = serializers.CharField(source="publication.slug")
    address = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = ["language", "slug", "title", "address"]

    def get_address(self, edition: Edition) -> str:
        return settings.SITE_URL + edition.publication.get_absolute_url()


class FullPublicationSerializer(PublicationSerializer):
    """With the text of the article, its files, all editions, and where it stands in other languages."""

    html = serializers.CharField()
    files = FileSerializer(many=True)
    editions = EditionSerializer(source="publication.editions", many=True)
    translations = serializers.SerializerMethodField()

    class Meta(PublicationSerializer.Meta):
        fields = [*PublicationSerializer.Meta.fields, "html", "files", "editions", "translations"]

    @extend_schema_field(TranslationSerializer(many=True))
    def get_translations(self, edition: Edition) -> Any:
        family = Publication.objects.family_of(edition.publication).exclude(pk=edition.publication_id)
        others = Edition.objects.published().short().filter(publication__in=family).select_related("publication")
        return TranslationSerializer(others.order_by("language"), many=True).data


class FullEditionSerializer(EditionSerializer):
    """With abstract, article and files, unless it was withdrawn."""

    files = FileSerializer(many=True)

    class Meta(EditionSerializer.Meta):
        fields = [*EditionSerializer.Meta.fields, "abstract", "plain_summary", "html", "files"]

    def to_representation(self, instance: Edition) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        if instance.state == Edition.State.WITHDRAWN:
            shown |= {"abstract": "", "plain_summary": "", "html": "", "files": []}
        return shown


@extend_schema_view(
    list=extend_schema(
        summary="Publications, the newest first; where words are searched, the best match",
        parameters=[OpenApiParameter("sort", enum=["best", *OutcomeFilter.ORDERS])],
    ),
    retrieve=extend_schema(summary="A publication with its article, files and editions"),
)
class PublicationViewSet(viewsets.ReadOnlyModelViewSet[Edition]):
    """Every publication in its published edition. The filters are those of the page."""

    queryset = Edition.objects.published()
    serializer_class = PublicationSerializer
    filterset_class = OutcomeFilter
    lookup_field, lookup_url_kwarg, lookup_value_regex = "publication__slug", "slug", SLUG

    def get_queryset(self) -> Any:
        found = Edition.objects.published().defer("text", "search", "snapshot").select_related("publication")
        of_publication = ["publication__groups", "publication__topics", "publication__regions"]
        if self.action == "list":
            return found.defer("text", "search", "snapshot", "html").prefetch_related(*of_publication)
        return found.prefetch_related(*of_publication, "files", Prefetch("publication__editions", EDITIONS))

    def get_serializer_class(self) -> Any:
        return FullPublicationSerializer if self.action == "retrieve" else PublicationSerializer

    def filter_queryset(self, queryset: Any) -> Any:
        """Best match first where words are searched, else the newest."""
        if self.action != "list":
            return queryset
        return OutcomeFilter(self.request.query_params, queryset).in_order

    @extend_schema(
        summary="One edition, also an earlier or withdrawn one",
        parameters=[OpenApiParameter("version", int, OpenApiParameter.PATH)],
        responses=FullEditionSerializer,
    )
    @action(detail=True, url_path=rf"v(?P<version>{VERSION})", url_name="edition")
    def edition(self, _request: Request, slug: str, version: str) -> Response:
        public = Edition.objects.public().defer("text", "search", "snapshot").select_related("publication")
        found = get_object_or_404(public.prefetch_related("files"), publication__slug=slug, version=int(version))
        return Response(FullEditionSerializer(found).data)


class ReferenceSerializer(serializers.ModelSerializer[Reference]):
    """A work of others, with what is needed to cite it."""

    groups = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)  # type: ignore[var-annotated]  # as above
    topics = serializers.SerializerMethodField()

    class Meta:
        model = Reference
        fields = [
            "citekey", "kind", "title", "authors", "year", "publisher", "place", "series", "number", "doi", "isbn",
            "report_no", "url", "parent_project", "language", "groups", "topics",
        ]  # fmt: skip

    def get_topics(self, reference: Reference) -> list[str]:
        return [topic.slug for topic in reference.topics.all() if topic.status not in {"proposed", "parked"}]


@extend_schema_view(
    list=extend_schema(summary="References to works of others"), retrieve=extend_schema(summary="One reference")
)
class ReferenceViewSet(viewsets.ReadOnlyModelViewSet[Reference]):
    """Works of others that the groups draw on; never the community’s own outcomes."""

    queryset = Reference.objects.listed().prefetch_related("groups", "topics")
    serializer_class = ReferenceSerializer
    filterset_class = ReferenceFilter
    lookup_field, lookup_value_regex = "citekey", SLUG
