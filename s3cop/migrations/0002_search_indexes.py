"""Indexes of the search over all rooms. They lie here because the search does: no lower room knows it.

The expressions are those of s3cop/pages/search.py to the letter, or PostgreSQL does not use them.
"""

from django.db import migrations

TABLES = {
    "workinggroups_workinggroup": ("group", "name", "name || ' ' || summary"),
    "meetings_meeting": ("meeting", "title", "title || ' ' || summary"),
    "challenges_challenge": ("challenge", "title", "title || ' ' || text"),
}
WORDS = "CREATE INDEX search_{name}_words ON {table} USING gin (to_tsvector('english', immutable_unaccent({text})));"
ALIKE = "CREATE INDEX search_{name}_alike ON {table} USING gin (immutable_unaccent({title}) gin_trgm_ops);"
EDITION = "CREATE INDEX search_edition_alike ON outcomes_edition USING gin (immutable_unaccent(title) gin_trgm_ops);"


def both(name: str, title: str, text: str, table: str) -> list[migrations.RunSQL]:
    values = {"name": name, "title": title, "text": text, "table": table}
    return [
        migrations.RunSQL(WORDS.format(**values), f"DROP INDEX search_{name}_words"),
        migrations.RunSQL(ALIKE.format(**values), f"DROP INDEX search_{name}_alike"),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("s3cop", "0001_initial"),
        ("challenges", "0008_opened_is_frozen"),
        ("meetings", "0006_complete"),
        ("outcomes", "0005_references_and_followers"),
        ("workinggroups", "0002_values_known"),
    ]
    operations = [
        *(step for table, (name, title, text) in TABLES.items() for step in both(name, title, text, table)),
        migrations.RunSQL(EDITION, "DROP INDEX search_edition_alike"),
    ]
