"""The site map."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # with the rate limits of ours

urlpatterns = [
    path("", include("s3cop.pages.urls")),
    path("api/v1/", include("s3cop.api.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("account/", include("people.urls")),
    path("", include("notices.urls")),
    path("", include("workinggroups.urls")),
    path("", include("meetings.urls")),
    path("", include("challenges.urls")),
    path("", include("outcomes.urls")),
    path("admin/", admin.site.urls),
]
