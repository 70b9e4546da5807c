"""What an edition says by its template, of its period and of what comes next is as frozen as the rest."""

from django.db import migrations

COLUMNS = (
    "publication_id, version, title, abstract, plain_summary, change_note, language, licence, snapshot, html, text, "
    "helices, built_at, published_at"
).split(", ")
MORE = ["template", "period_from", "period_until", "next_steps"]


def freeze(columns):
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE OR REPLACE FUNCTION outcomes_edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR ({new}) IS DISTINCT FROM ({old}) THEN
    RAISE EXCEPTION 'a published edition never changes; publish a new one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


LINKS = """
CREATE TRIGGER edition_references_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON outcomes_edition_references
  FOR EACH ROW EXECUTE FUNCTION outcomes_files_are_frozen();
"""
UNLINK = "DROP TRIGGER edition_references_are_frozen ON outcomes_edition_references;"


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0006_review_and_templates")]
    operations = [
        migrations.RunSQL(freeze(COLUMNS + MORE), freeze(COLUMNS)),
        migrations.RunSQL(LINKS, UNLINK),
    ]
