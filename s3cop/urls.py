"""The site map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("s3cop.pages.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("account/", include("people.urls")),
    path("notices/", include("notices.urls")),
    path("", include("workinggroups.urls")),
    path("", include("meetings.urls")),
    path("", include("challenges.urls")),
    path("", include("outcomes.urls")),
    path("admin/", admin.site.urls),
]
