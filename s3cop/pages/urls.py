"""Addresses of the pages that gather from several rooms."""

from django.urls import path

from s3cop.pages import dashboard, desk, health, home, local, search, sitemap

app_name = "s3cop"


urlpatterns = [
    path("", home.home, name="home"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("desk/", desk.desk, name="desk"),
    path("privacy/", home.privacy, name="privacy"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("search/", search.search, name="search"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("robots.txt", home.robots, name="robots"),
    path("readyz", health.readyz, name="readyz"),
    path("styleguide/", local.styleguide, name="styleguide"),
    path("dev/mail/", local.mailbox, name="mailbox"),
    path("dev/mail/<str:name>/", local.letter, name="letter"),
]
