"""Open data of this room, read-only: announced meetings with their agendas; no join links, no replies."""

from typing import Any

from django.conf import settings
from django.db.models import F
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from meetings.filters import MeetingFilter
from meetings.models import AgendaItem, Meeting


class AgendaSerializer(serializers.ModelSerializer[AgendaItem]):
    class Meta:
        model = AgendaItem
        fields = ["position", "title", "minutes"]


class MeetingSerializer(serializers.ModelSerializer[Meeting]):
    """Times are UTC with the meeting's zone beside them; what is long past may have an approximate date instead."""

    group = serializers.CharField(source="group.slug")
    address = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = [
            "slug", "title", "group", "state", "mode", "place", "starts_at", "ends_at", "approx_date", "timezone",
            "summary", "address",
        ]  # fmt: skip

    def get_address(self, meeting: Meeting) -> str:
        return settings.SITE_URL + meeting.get_absolute_url()


class FullMeetingSerializer(MeetingSerializer):
    agenda = AgendaSerializer(many=True)

    class Meta(MeetingSerializer.Meta):
        fields = [*MeetingSerializer.Meta.fields, "agenda"]


@extend_schema_view(
    list=extend_schema(summary="Meetings, the latest first"),
    retrieve=extend_schema(summary="One meeting with its agenda"),
)
class MeetingViewSet(viewsets.ReadOnlyModelViewSet[Meeting]):
    """Every meeting that was announced, whatever came after. The filter is that of the page."""

    queryset = Meeting.objects.announced()
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]+"

    def get_queryset(self) -> Any:
        found = Meeting.objects.announced().select_related("group").order_by(F("sort_day").desc(nulls_last=True), "pk")
        return found if self.action == "list" else found.prefetch_related("agenda")

    def get_serializer_class(self) -> Any:
        return FullMeetingSerializer if self.action == "retrieve" else MeetingSerializer
