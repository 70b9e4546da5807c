"""Addresses of this room."""

from django.urls import path

from meetings import feeds, views

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.index, name="list"),
    path("meetings/calendar.ics", feeds.feed, name="feed"),
    path("groups/<slug:slug>/calendar.ics", feeds.group_feed, name="group_feed"),
    path("meetings/new/", views.new, name="new"),
    path("meetings/<slug:slug>/", views.detail, name="detail"),
    path("meetings/<slug:slug>/calendar.ics", feeds.calendar_file, name="calendar_file"),
    path("meetings/<slug:slug>/reply/", views.reply, name="reply"),
    path("reply/<str:token>/", views.reply_link, name="reply_link"),
    path("meetings/<slug:slug>/edit/", views.edit, name="edit"),
    path("meetings/<slug:slug>/cancel/", views.cancel, name="cancel"),
    path("meetings/<slug:slug>/postpone/", views.postpone, name="postpone"),
]
