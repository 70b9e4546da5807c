"""The words of each record, weighed, in a column the database fills: ranking need not read hundreds of texts again.

The column lies beside a room's own ones because the search does: no lower room knows it, and s3cop/pages/search.py
names it. Whoever changes the type of a title or text drops it first and adds it after.
"""

from django.db import migrations

TABLES = {
    "workinggroups_workinggroup": ("group", "name", "summary"),
    "meetings_meeting": ("meeting", "title", "summary"),
    "meetings_webinar": ("webinar", "title", "summary"),
    "challenges_challenge": ("challenge", "title", "text"),
}
ADD = """
ALTER TABLE {table} ADD COLUMN search_words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', immutable_unaccent({title})), 'A') ||
  setweight(to_tsvector('english', immutable_unaccent({text})), 'B')
) STORED;
DROP INDEX IF EXISTS search_{name}_words;
CREATE INDEX search_{name}_words ON {table} USING gin (search_words);
"""
DROP = "ALTER TABLE {table} DROP COLUMN search_words;"
INDEX = (
    "CREATE INDEX search_{name}_words ON {table} "
    "USING gin (to_tsvector('english', immutable_unaccent({title} || ' ' || {text})));"
)


def column(name: str, title: str, text: str, table: str) -> migrations.RunSQL:
    values = {"name": name, "title": title, "text": text, "table": table}
    before = "" if name == "webinar" else INDEX.format(**values)
    return migrations.RunSQL(ADD.format(**values), DROP.format(**values) + before)


ALIKE = "CREATE INDEX search_webinar_alike ON meetings_webinar USING gin (immutable_unaccent(title) gin_trgm_ops);"


class Migration(migrations.Migration):
    dependencies = [
        ("s3cop", "0002_search_indexes"),
        ("challenges", "0010_decisions"),
        ("meetings", "0013_presence_kept"),
        ("workinggroups", "0002_values_known"),
    ]
    operations = [
        *(column(name, title, text, table) for table, (name, title, text) in TABLES.items()),
        migrations.RunSQL(ALIKE, "DROP INDEX search_webinar_alike"),
    ]
