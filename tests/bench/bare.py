"""A Django application with nothing but two pages, on the portal's database: what any page of this kind costs.

`/list/12/` has the newest outcomes as cards, `/meeting/<slug>/` an agenda: the queries a portal cannot do without, no
middleware, no apps. The server imports it; nobody else can, since it has settings of its own.
"""

# ruff: noqa: DJ008 - nobody prints these records

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = "<!doctype html><html lang=en><title>{{ title }}</title><h1>{{ title }}</h1><ul>%s</ul></html>"
CARD = """{% for edition, names in shown %}<li>
<h2><a href="/outcomes/{{ edition.publication.slug }}/">{{ edition.title }}</a></h2>
<p>{{ edition.abstract }}</p><p>{% for name in names %}{{ name }} {% endfor %}</p>
<time datetime="{{ edition.published_at|date:"c" }}">{{ edition.published_at|date:"j F Y" }}</time>{% endfor %}"""
ITEM = """{% for item in agenda %}<li><h2>{{ item.position }} {{ item.title }}</h2><p>{{ item.minutes }} minutes, led by
{{ item.lead.display_name }}</p><p>{{ item.notes|linebreaksbr }}</p>{% endfor %}"""

settings.configure(
    SECRET_KEY="x" * 50,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(Path(os.environ["S3COP_HOME"]) / "run"),
            "USER": "s3cop",
            "NAME": "s3cop",
            "CONN_MAX_AGE": 600,
        }
    },
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [("django.template.loaders.locmem.Loader", {"list": PAGE % CARD, "meeting": PAGE % ITEM})],
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.db import models  # noqa: E402 - models want the settings
from django.shortcuts import get_object_or_404, render  # noqa: E402


class Group(models.Model):
    name = models.TextField()

    class Meta:
        app_label, managed, db_table = "bare", False, "workinggroups_workinggroup"


class Publication(models.Model):
    slug = models.TextField()

    class Meta:
        app_label, managed, db_table = "bare", False, "outcomes_publication"


class Of(models.Model):
    """Which group a publication is of."""

    publication = models.ForeignKey(Publication, models.PROTECT)
    workinggroup = models.ForeignKey(Group, models.PROTECT)
    objects: "models.Manager[Of]" = models.Manager()

    class Meta:
        app_label, managed, db_table = "bare", False, "outcomes_publication_groups"


class Edition(models.Model):
    publication = models.ForeignKey(Publication, models.PROTECT)
    title = models.TextField()
    abstract = models.TextField()
    state = models.TextField()
    published_at = models.DateTimeField()
    objects: "models.Manager[Edition]" = models.Manager()

    class Meta:
        app_label, managed, db_table = "bare", False, "outcomes_edition"


class Meeting(models.Model):
    slug = models.TextField()
    title = models.TextField()

    class Meta:
        app_label, managed, db_table = "bare", False, "meetings_meeting"


class Person(models.Model):
    display_name = models.TextField()

    class Meta:
        app_label, managed, db_table = "bare", False, "people_user"


class Item(models.Model):
    meeting = models.ForeignKey(Meeting, models.PROTECT)
    lead = models.ForeignKey(Person, models.PROTECT, null=True)
    position = models.IntegerField()
    title = models.TextField()
    minutes = models.IntegerField()
    notes = models.TextField()
    objects: "models.Manager[Item]" = models.Manager()

    class Meta:
        app_label, managed, db_table = "bare", False, "meetings_agendaitem"


def outcomes(request: HttpRequest, cards: int) -> HttpResponse:
    found = Edition.objects.filter(state="published").order_by("-published_at", "-pk")
    editions = list(found.select_related("publication")[:cards])
    names: dict[int, list[str]] = {edition.publication.pk: [] for edition in editions}
    for link in Of.objects.filter(publication__in=names).select_related("publication", "workinggroup"):
        names[link.publication.pk].append(link.workinggroup.name)
    shown = [(edition, names[edition.publication.pk]) for edition in editions]
    return _whole(render(request, "list", {"title": f"{found.count()} outcomes", "shown": shown}))


def meeting(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Meeting, slug=slug)
    agenda = Item.objects.filter(meeting=shown).select_related("lead").order_by("position")
    return _whole(render(request, "meeting", {"title": shown.title, "agenda": agenda}))


def _whole(response: HttpResponse) -> HttpResponse:
    """Say how long it is, as Django's middleware does."""
    response["Content-Length"] = str(len(response.content))
    return response


urlpatterns = [path("list/<int:cards>/", outcomes), path("meeting/<slug:slug>/", meeting)]
application = get_wsgi_application()
