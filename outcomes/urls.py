"""Addresses of this room."""

from django.urls import path

from outcomes import feeds, oai
from outcomes.views import (
    citing,
    discarding,
    following,
    machines,
    reading,
    references,
    review,
    starting,
    steps,
    writing,
)

app_name = "outcomes"
EDITION = "outcomes/<slug:slug>/v<int:version>/"
urlpatterns = [
    path("outcomes/", reading.outcome_list, name="list"),
    path("outcomes/feed.atom", feeds.atom, name="feed"),
    path("oai", oai.oai, name="oai"),
    path("catalogue.ttl", machines.turtle, name="catalogue"),
    path("catalogue.jsonld", machines.json_ld, name="catalogue_json"),
    path("outcomes/new/", starting.choose_template, name="new"),
    path("outcomes/new/<slug:template>/", starting.choose_records, name="new_records"),
    path("outcomes/new/<slug:template>/words/", starting.write_words, name="new_words"),
    path("outcomes/follow/", following.follow, name="follow"),
    path("outcomes/follow/asked/", following.asked, name="follow_asked"),
    path("follow/<str:token>/", following.following, name="following"),
    path("follow/<str:token>/leave/", following.leave, name="leave"),
    path("groups/<slug:slug>/feed.atom", feeds.group_atom, name="group_feed"),
    path("challenges/<slug:slug>/feed.atom", feeds.topic_atom, name="topic_feed"),
    path("outcomes/references/", references.index, name="references"),
    path("outcomes/references/new/", references.new, name="reference_new"),
    path("outcomes/references/import/", references.bring_in, name="reference_import"),
    path("outcomes/references/<slug:citekey>/edit/", references.edit, name="reference_edit"),
    path("outcomes/references/<slug:citekey>/remove/", references.remove, name="reference_remove"),
    path("outcomes/<slug:slug>/", reading.detail, name="detail"),
    path("outcomes/<slug:slug>/next/", writing.next_edition, name="next"),
    path("outcomes/<slug:slug>/topics/", citing.topics, name="topics"),
    path("outcomes/<slug:slug>/original/", citing.original, name="original"),
    path("outcomes/<slug:slug>/translate/", citing.translate, name="translate"),
    path(EDITION, reading.edition, name="edition"),
    path(f"{EDITION}card.png", machines.card, name="card"),
    path(f"{EDITION}download/<slug:kind>/", reading.download, name="download"),
    path(f"{EDITION}edit/", writing.edit, name="edit"),
    path(f"{EDITION}build/", writing.build, name="build"),
    path(f"{EDITION}cancel/", writing.cancel, name="cancel"),
    path(f"{EDITION}discard/", discarding.discard, name="discard"),
    path(f"{EDITION}preview/", writing.preview, name="preview"),
    path(f"{EDITION}doi/", citing.doi, name="doi"),
    path(f"{EDITION}comment/", review.comment, name="comment"),
    path(f"{EDITION}changes/", reading.changes, name="changes"),
    path(f"{EDITION}submit/", steps.take_step, {"name": "submit"}, name="submit"),
    path(f"{EDITION}sign-off/", steps.take_step, {"name": "sign_off"}, name="sign_off"),
    path(f"{EDITION}approve/", steps.take_step, {"name": "approve"}, name="approve"),
    path(f"{EDITION}return/", steps.take_step, {"name": "return"}, name="return"),
    path(f"{EDITION}publish/", steps.take_step, {"name": "publish"}, name="publish"),
    path(f"{EDITION}keep-back/", steps.take_step, {"name": "keep_back"}, name="keep_back"),
    path(f"{EDITION}withdraw/", steps.take_step, {"name": "withdraw"}, name="withdraw"),
]
