"""Addresses of this room."""

from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [path("<int:pk>/retry/", views.retry, name="retry")]
