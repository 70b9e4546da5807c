"""Addresses of this room."""

from django.urls import URLPattern

app_name = "workinggroups"
urlpatterns: list[URLPattern] = []
