"""Addresses of this room."""

from django.urls import path

from workinggroups.views import joining, members, pages

app_name = "workinggroups"
urlpatterns = [
    path("groups/", pages.group_list, name="list"),
    path("groups/new/", pages.new, name="new"),
    path("groups/<slug:slug>/", pages.detail, name="detail"),
    path("groups/<slug:slug>/edit/", pages.edit, name="edit"),
    path("groups/<slug:slug>/members/", members.members, name="members"),
    path("groups/<slug:slug>/members/<int:pk>/role/", members.change_role, name="change_role"),
    path("groups/<slug:slug>/members/<int:pk>/end/", members.end, name="end"),
    path("groups/<slug:slug>/members/<int:pk>/pause/", members.pause, name="pause"),
    path("groups/<slug:slug>/members/<int:pk>/resume/", members.resume, name="resume"),
    path("groups/<slug:slug>/invite/", members.invite, name="invite"),
    path("groups/<slug:slug>/invitations/<int:pk>/withdraw/", members.withdraw, name="withdraw"),
    path("join/<str:token>/", joining.join, name="join"),
    path("join/<str:token>/decline/", joining.decline, name="decline"),
]
