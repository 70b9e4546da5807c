"""The front page: the latest finding, the groups, what was published and who meets next."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from history.clock import database_now
from meetings.models import Meeting
from outcomes.models import Edition
from s3cop.pages.latest import latest_finding
from workinggroups.overview import with_numbers

FEW = 3
PRIVATE = (
    "/accounts/",
    "/account/",
    "/admin/",
    "/dashboard/",
    "/desk/",
    "/join/",
    "/reply/",
    "/unsubscribe/",
    "/follow/",
    "/calendar/",
    "/webinars/registration/",
)


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    editions = Edition.objects.published().short().select_related("publication").order_by("-published_at")[:FEW]
    upcoming = Meeting.objects.announced().upcoming(database_now())
    dated = upcoming.filter(group=OuterRef("pk"), state=Meeting.State.SCHEDULED, starts_at__isnull=False)
    groups = with_numbers().active().annotate(next_day=Subquery(dated.values("sort_day")[:1]))
    context = {
        "finding": latest_finding(),
        "groups": groups,
        "editions": editions,
        "meetings": upcoming.select_related("group")[:FEW],
    }
    return render(request, "pages/home.html", context)


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@login_not_required
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for every reader
    """Private pages need no visit; the sitemap names the public ones."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")
