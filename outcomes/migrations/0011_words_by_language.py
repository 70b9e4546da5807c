"""Editions are indexed in the configuration of their language; nothing in them changes by that."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import Case, When

from outcomes.search import Folded

STEMMED = {
    "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "ga": "irish", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish",
}  # fmt: skip


def words(config):
    title = SearchVector(Folded("title"), weight="A", config=config)
    summaries = SearchVector(Folded("abstract"), Folded("plain_summary"), weight="B", config=config)
    return title + summaries + SearchVector(Folded("text"), weight="D", config=config)


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0010_ballots_and_spelling")]
    operations = [
        migrations.RemoveIndex(model_name="edition", name="edition_search"),
        migrations.RemoveField(model_name="edition", name="search"),
        migrations.AddField(
            model_name="edition",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=Case(
                    *(When(language=code, then=words(config)) for code, config in STEMMED.items()),
                    default=words("simple"),
                ),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex(model_name="edition", index=GinIndex(fields=["search"], name="edition_search")),
    ]
