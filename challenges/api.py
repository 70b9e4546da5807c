"""Open data of this room, read-only: the register, and published rounds with what may be said of their results."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from challenges import results
from challenges.files import downloads
from challenges.filters import ChallengeFilter
from challenges.models import Challenge, RankingRound

extend_schema_field(str)(ChallengeFilter.base_filters["group"])


class ChallengeSerializer(serializers.ModelSerializer[Challenge]):
    """A cluster, or one of its subdimensions: then `cluster` is the slug of the first."""

    group = serializers.CharField(source="group.slug")
    cluster = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = Challenge
        fields = ["slug", "title", "text", "group", "cluster", "nature", "origin", "status", "address"]

    def get_cluster(self, challenge: Challenge) -> str | None:
        return challenge.parent.slug if challenge.parent else None

    def get_address(self, challenge: Challenge) -> str:
        return settings.SITE_URL + challenge.get_absolute_url()


@extend_schema_view(
    list=extend_schema(summary="The register of challenges"), retrieve=extend_schema(summary="One challenge")
)
class ChallengeViewSet(viewsets.ReadOnlyModelViewSet[Challenge]):
    """What the groups identified; proposals and parked ones are not public. The filters are those of the page."""

    queryset = (
        Challenge.objects.published()
        .exclude(status=Challenge.Status.MERGED)
        .select_related("group", "parent")
        .order_by("group", "position", "pk")
    )
    serializer_class = ChallengeSerializer
    filterset_class = ChallengeFilter
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]+"


class RoundSerializer(serializers.ModelSerializer[RankingRound]):
    group = serializers.CharField(source="group.slug")
    address = serializers.SerializerMethodField()

    class Meta:
        model = RankingRound
        fields = ["id", "title", "question", "group", "published_at", "timezone", "address"]

    def get_address(self, round: RankingRound) -> str:
        return settings.SITE_URL + round.get_absolute_url()


RESULT = inline_serializer("Result", {"round": serializers.DictField(), "result": serializers.DictField()})


class RoundViewSet(viewsets.ReadOnlyModelViewSet[RankingRound]):
    """Published rounds. The result is the file that the round's page offers: one door lets figures out, for both."""

    queryset = RankingRound.objects.published().select_related("group").order_by("-published_at", "-pk")
    serializer_class = RoundSerializer
    lookup_value_regex = r"[0-9]{1,18}"

    @extend_schema(summary="Published ranking rounds, the newest first")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="A published round with its result, as far as it may be told", responses=RESULT)
    def retrieve(self, _request: Request, pk: str) -> Response:
        round_ = get_object_or_404(self.get_queryset().select_related("result"), pk=pk)
        shown = results.shown(round_)
        assert shown is not None  # noqa: S101 - a published round was counted
        return Response(downloads.as_json(round_, shown))
