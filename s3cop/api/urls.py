"""The open interface at /api/v1/: read-only, for everybody, from any origin; no session, no cookie."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from challenges.api import ChallengeViewSet, RoundViewSet
from meetings.api import MeetingViewSet
from outcomes.api import PublicationViewSet, ReferenceViewSet
from workinggroups.api import GroupViewSet

app_name = "api"

router = DefaultRouter()
router.include_format_suffixes = False
router.register("publications", PublicationViewSet, "publication")
router.register("references", ReferenceViewSet, "reference")
router.register("groups", GroupViewSet, "group")
router.register("meetings", MeetingViewSet, "meeting")
router.register("challenges", ChallengeViewSet, "challenge")
router.register("rounds", RoundViewSet, "round")

urlpatterns = [path("schema/", SpectacularAPIView.as_view(), name="schema"), *router.urls]
