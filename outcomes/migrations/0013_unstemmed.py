"""An index of what is written in a language without a grammar: few outcomes, which each search looks for."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0012_webinars_told")]
    operations = [
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("language__in", ("bg", "cs", "et", "hr", "lv", "mt", "pl", "sk", "sl"))),
                fields=["search"],
                name="edition_unstemmed",
            ),
        ),
    ]
