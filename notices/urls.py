"""Addresses of this room."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("account/letters/", views.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("desk/letters/", views.outbox, name="outbox"),
    path("desk/letters/kinds/", views.catalogue, name="catalogue"),
    path("desk/letters/kinds/<str:kind>/", views.specimen, name="specimen"),
    path("desk/letters/kinds/<str:kind>/html/", views.specimen_html, name="specimen_html"),
    path("notices/<int:pk>/retry/", views.retry, name="retry"),
]
