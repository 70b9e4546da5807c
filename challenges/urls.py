"""Addresses of the register, of rounds with their steps, of the ballot and the result."""

from django.urls import path

from challenges.views import (
    agenda,
    ballots,
    decisions,
    live,
    paper,
    register,
    results,
    rounds,
    sorting,
    statements,
    voices,
)

app_name = "challenges"

urlpatterns = [
    path("challenges/", register.register, name="list"),
    path("challenges/new/", sorting.new, name="new"),
    path("challenges/<slug:slug>/", register.detail, name="detail"),
    path("challenges/<slug:slug>/edit/", sorting.edit, name="edit"),
    path("challenges/<slug:slug>/agenda/", agenda.agenda, name="agenda"),
    path("challenges/<slug:slug>/move/<slug:status>/", sorting.move, name="move"),
    path("challenges/<slug:slug>/merge/", sorting.merge, name="merge"),
    path("challenges/<slug:slug>/undo-merge/", sorting.undo_merge, name="undo_merge"),
    path("challenges/<slug:slug>/split/", sorting.split, name="split"),
    path("challenges/<slug:slug>/support/", voices.support, name="support"),
    path("challenges/<slug:slug>/comments/", voices.comment, name="comment"),
    path("challenges/<slug:slug>/comments/<int:pk>/remove/", voices.remove_comment, name="remove_comment"),
    path("rounds/new/", rounds.new, name="round_new"),
    path("rounds/<int:pk>/", results.round_, name="round"),
    path("rounds/<int:pk>/result.json", results.result_json, name="result_json"),
    path("rounds/<int:pk>/result.csv", results.result_csv, name="result_csv"),
    path("rounds/<int:pk>/ballots.preflib", results.ballots_file, name="ballots_file"),
    path("rounds/<int:pk>/edit/", rounds.edit, name="round_edit"),
    path("rounds/<int:pk>/open/", rounds.open_, name="open"),
    path("rounds/<int:pk>/close/", rounds.close, name="close"),
    path("rounds/<int:pk>/publish/", rounds.publish, name="publish"),
    path("rounds/<int:pk>/cancel/", rounds.cancel, name="cancel"),
    path("rounds/<int:pk>/focus/", rounds.focus, name="focus"),
    path("rounds/<int:pk>/decisions/", decisions.decisions, name="decisions"),
    path("rounds/<int:pk>/statement/", statements.statement, name="statement"),
    path("rounds/<int:pk>/paper/", paper.paper, name="paper"),
    path("rounds/<int:pk>/room/", live.room, name="room"),
    path("rounds/<int:pk>/room/revoke/", live.room_revoke, name="room_revoke"),
    path("live/<slug:code>/", live.live, name="live"),
    path("rounds/<int:pk>/ballot/", ballots.ballot, name="ballot"),
    path("rounds/<int:pk>/ballot/recap/", ballots.recap, name="recap"),
]
