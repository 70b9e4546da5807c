"""Open data of this room, read-only: announced meetings with their agendas, webinars; no join links, no people."""

from typing import Any

from django.conf import settings
from django.db.models import F
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from meetings.filters import MeetingFilter, WebinarFilter
from meetings.models import AgendaItem, Meeting, Webinar
from workinggroups.models import WorkingGroup


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


class WebinarSerializer(serializers.ModelSerializer[Webinar]):
    """A webinar or a conference; what remains of it once it was held, the recording once it is published."""

    groups: serializers.SlugRelatedField[WorkingGroup] = serializers.SlugRelatedField("slug", many=True, read_only=True)
    recording = serializers.SerializerMethodField()
    account = serializers.SerializerMethodField()
    address = serializers.SerializerMethodField()

    class Meta:
        model = Webinar
        fields = [
            "slug", "kind", "title", "series", "position", "groups", "state", "mode", "place", "starts_at", "ends_at",
            "approx_date", "timezone", "languages", "organisers", "audience", "summary", "registration_closes_at",
            "participants", "recording", "account", "address",
        ]  # fmt: skip

    def get_recording(self, webinar: Webinar) -> dict[str, str]:
        """Links as the page has them, each where there is one: recording, captions, transcript, slides."""
        if webinar.state not in REMAINS:
            return {}
        hidden = "recording" if webinar.state != Webinar.State.RECORDING_PUBLISHED else ""
        links = {name: getattr(webinar, f"{name}_url") for name in ("recording", "captions", "transcript", "slides")}
        return {name: url for name, url in links.items() if url and name != hidden}

    def get_account(self, webinar: Webinar) -> str:
        """What was said, as Markdown."""
        return webinar.account if webinar.state in REMAINS else ""

    def get_address(self, webinar: Webinar) -> str:
        return settings.SITE_URL + webinar.get_absolute_url()


REMAINS = (Webinar.State.HELD, Webinar.State.RECORDING_PUBLISHED)


@extend_schema_view(
    list=extend_schema(summary="Webinars and conferences, the latest first"),
    retrieve=extend_schema(summary="One webinar or conference"),
)
class WebinarViewSet(viewsets.ReadOnlyModelViewSet[Webinar]):
    """Every one that was announced, whatever came after. The filters are those of the page."""

    queryset = (
        Webinar.objects.published().prefetch_related("groups").order_by(F("sort_day").desc(nulls_last=True), "pk")
    )
    serializer_class = WebinarSerializer
    filterset_class = WebinarFilter
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]+"
