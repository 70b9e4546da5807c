"""Addresses of the pages that gather from several rooms."""

from django.urls import URLPattern

app_name = "s3cop"
urlpatterns: list[URLPattern] = []
