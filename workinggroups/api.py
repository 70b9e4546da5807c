"""Open data of this room, read-only: groups, and of their people only those who agreed to be named."""

from django.conf import settings
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from workinggroups.models import Criterion, Membership, WorkingGroup


class CriterionSerializer(serializers.ModelSerializer[Criterion]):
    class Meta:
        model = Criterion
        fields = ["number", "title", "period", "legal_base"]


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """Somebody who agreed to be listed with the name."""

    name = serializers.CharField(source="user.display_name")
    organisation = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = ["name", "role", "organisation"]

    def get_organisation(self, member: Membership) -> str:
        return member.user.organisation.name if member.user.organisation else ""


class GroupSerializer(serializers.ModelSerializer[WorkingGroup]):
    criterion = CriterionSerializer(allow_null=True)
    address = serializers.SerializerMethodField()
    members = MemberSerializer(source="named", many=True)

    class Meta:
        model = WorkingGroup
        fields = [
            "slug", "name", "aliases", "kind", "status", "criterion", "summary", "aims", "kicked_off", "mandate_from",
            "mandate_until", "target_meetings_per_year", "address", "members",
        ]  # fmt: skip

    def get_address(self, group: WorkingGroup) -> str:
        return settings.SITE_URL + group.get_absolute_url()


NAMED = Prefetch("memberships", Membership.objects.public().by_name().select_related("user__organisation"), "named")


@extend_schema_view(list=extend_schema(summary="Working groups"), retrieve=extend_schema(summary="One working group"))
class GroupViewSet(viewsets.ReadOnlyModelViewSet[WorkingGroup]):
    """The groups, their aims and mandate, and the members who agreed to be named."""

    queryset = WorkingGroup.objects.order_by("name", "pk").select_related("criterion").prefetch_related(NAMED)
    serializer_class = GroupSerializer
    lookup_field, lookup_value_regex = "slug", r"[-a-zA-Z0-9_]+"
