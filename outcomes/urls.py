"""Addresses of this room."""

from django.urls import path

from outcomes import feeds
from outcomes.views import reading, references, steps, writing

app_name = "outcomes"
EDITION = "outcomes/<slug:slug>/v<int:version>/"
urlpatterns = [
    path("outcomes/", reading.outcome_list, name="list"),
    path("outcomes/feed.atom", feeds.atom, name="feed"),
    path("outcomes/new/", writing.new, name="new"),
    path("outcomes/references/", references.index, name="references"),
    path("outcomes/references/new/", references.new, name="reference_new"),
    path("outcomes/references/import/", references.bring_in, name="reference_import"),
    path("outcomes/references/<slug:citekey>/edit/", references.edit, name="reference_edit"),
    path("outcomes/references/<slug:citekey>/remove/", references.remove, name="reference_remove"),
    path("outcomes/<slug:slug>/", reading.detail, name="detail"),
    path("outcomes/<slug:slug>/next/", writing.next_edition, name="next"),
    path(EDITION, reading.edition, name="edition"),
    path(f"{EDITION}download/<slug:kind>/", reading.download, name="download"),
    path(f"{EDITION}edit/", writing.edit, name="edit"),
    path(f"{EDITION}build/", writing.build, name="build"),
    path(f"{EDITION}submit/", steps.take_step, {"name": "submit"}, name="submit"),
    path(f"{EDITION}approve/", steps.take_step, {"name": "approve"}, name="approve"),
    path(f"{EDITION}return/", steps.take_step, {"name": "return"}, name="return"),
    path(f"{EDITION}publish/", steps.take_step, {"name": "publish"}, name="publish"),
    path(f"{EDITION}withdraw/", steps.take_step, {"name": "withdraw"}, name="withdraw"),
]
