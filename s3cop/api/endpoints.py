"""What answers at /api/v1/, and the framework behind it: imported by the first call, see `urls`."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import DefaultRouter

from challenges.api import ChallengeViewSet, RoundViewSet
from meetings.api import MeetingViewSet, WebinarViewSet
from outcomes.api import PublicationViewSet, ReferenceViewSet
from workinggroups.api import GroupViewSet

router = DefaultRouter()
router.include_format_suffixes = False
router.register("publications", PublicationViewSet, "publication")
router.register("references", ReferenceViewSet, "reference")
router.register("groups", GroupViewSet, "group")
router.register("meetings", MeetingViewSet, "meeting")
router.register("webinars", WebinarViewSet, "webinar")
router.register("challenges", ChallengeViewSet, "challenge")
router.register("rounds", RoundViewSet, "round")

schema = SpectacularAPIView.as_view(urlconf="s3cop.api.endpoints")
urlpatterns = [path("api/v1/", include(([path("schema/", schema, name="schema"), *router.urls], "api")))]
