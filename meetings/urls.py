"""Addresses of this room."""

from django.urls import path

from meetings import feeds, views
from meetings.views import attendance, calendars, polling, reminders
from meetings.views import minutes, minuting, points

app_name = "meetings"
urlpatterns = [
    path("meetings/", views.index, name="list"),
    path("meetings/calendar.ics", feeds.feed, name="feed"),
    path("groups/<slug:slug>/calendar.ics", feeds.group_feed, name="group_feed"),
    path("meetings/new/", views.new, name="new"),
    path("meetings/record/", views.record, name="record"),
    path("meetings/<slug:slug>/", views.detail, name="detail"),
    path("meetings/<slug:slug>/calendar.ics", feeds.calendar_file, name="calendar_file"),
    path("meetings/<slug:slug>/reply/", views.reply, name="reply"),
    path("reply/<str:token>/", views.reply_link, name="reply_link"),
    path("meetings/<slug:slug>/attendance/", attendance.attendance, name="attendance"),
    path("meetings/<slug:slug>/replies.csv", attendance.replies_csv, name="replies_csv"),
    path("meetings/<slug:slug>/replies.xlsx", attendance.replies_xlsx, name="replies_xlsx"),
    path("calendar/<str:token>.ics", feeds.personal_feed, name="personal_feed"),
    path("account/calendar/make/", calendars.make, name="address_make"),
    path("account/calendar/renew/", calendars.renew, name="address_renew"),
    path("account/calendar/revoke/", calendars.revoke, name="address_revoke"),
    path("meetings/<slug:slug>/reminders/", reminders.reminders, name="reminders"),
    path("meetings/<slug:slug>/reminders/inherit/", reminders.inherit, name="reminders_inherit"),
    path("meetings/<slug:slug>/reminders/pause/", reminders.pause, name="reminders_pause"),
    path("meetings/<slug:slug>/reminders/resume/", reminders.resume, name="reminders_resume"),
    path("meetings/<slug:slug>/reminders/ask/", reminders.ask, name="reminders_ask"),
    path("meetings/<slug:slug>/reminders/<int:origin>/send/", reminders.send, name="reminders_send"),
    path("groups/<slug:slug>/reminders/", reminders.group_reminders, name="group_reminders"),
    path("groups/<slug:slug>/reminders/inherit/", reminders.group_inherit, name="group_reminders_inherit"),
    path("meetings/<slug:slug>/edit/", views.edit, name="edit"),
    path("meetings/<slug:slug>/cancel/", views.cancel, name="cancel"),
    path("meetings/<slug:slug>/postpone/", views.postpone, name="postpone"),
    path("meetings/<slug:slug>/poll/", polling.poll, name="poll"),
    path("meetings/<slug:slug>/poll/new/", polling.poll_new, name="poll_new"),
    path("meetings/<slug:slug>/poll/dates.ics", polling.poll_dates, name="poll_dates"),
    path("meetings/<slug:slug>/poll/<int:pk>/choose/", polling.poll_choose, name="poll_choose"),
    path("meetings/<slug:slug>/poll/withdraw/", polling.poll_withdraw, name="poll_withdraw"),
    path("meetings/<slug:slug>/minutes/", minutes.minutes, name="minutes"),
    path("meetings/<slug:slug>/minutes/write/", minuting.write, name="minutes_write"),
    path("meetings/<slug:slug>/minutes/<int:revision>/", minutes.revision, name="minutes_revision"),
    path("meetings/<slug:slug>/minutes/<int:revision>/changes/", minutes.changes, name="minutes_changes"),
    path("meetings/<slug:slug>/minutes/<int:revision>/comment/", minutes.comment, name="minutes_comment"),
    path("meetings/<slug:slug>/minutes/<int:revision>/<slug:step>/", minutes.step, name="minutes_step"),
    path("actions/", points.index, name="actions"),
    path("actions/<int:pk>/", points.one, name="action"),
]
