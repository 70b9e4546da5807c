from django.db import migrations

# A published edition never changes; only its state moves on (superseded, withdrawn). Whoever goes around the actions
# is refused by the database.
FREEZE = """
CREATE FUNCTION outcomes_edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (
       NEW.publication_id, NEW.version, NEW.title, NEW.abstract, NEW.plain_summary, NEW.change_note, NEW.language,
       NEW.licence, NEW.snapshot, NEW.html, NEW.text, NEW.helices, NEW.built_at, NEW.published_at
     ) IS DISTINCT FROM (
       OLD.publication_id, OLD.version, OLD.title, OLD.abstract, OLD.plain_summary, OLD.change_note, OLD.language,
       OLD.licence, OLD.snapshot, OLD.html, OLD.text, OLD.helices, OLD.built_at, OLD.published_at
     ) THEN
    RAISE EXCEPTION 'a published edition never changes; publish a new one' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OR DELETE ON outcomes_edition FOR EACH ROW
  WHEN (OLD.state IN ('published', 'superseded', 'withdrawn')) EXECUTE FUNCTION outcomes_edition_is_frozen();
CREATE FUNCTION outcomes_files_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM outcomes_edition e WHERE e.id = coalesce(NEW.edition_id, OLD.edition_id)
             AND e.state IN ('published', 'superseded', 'withdrawn')) THEN
    RAISE EXCEPTION 'files of a published edition never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER edition_files_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON outcomes_editionfile FOR EACH ROW
  EXECUTE FUNCTION outcomes_files_are_frozen();
"""
THAW = """
DROP TRIGGER edition_files_are_frozen ON outcomes_editionfile;
DROP FUNCTION outcomes_files_are_frozen();
DROP TRIGGER edition_is_frozen ON outcomes_edition;
DROP FUNCTION outcomes_edition_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
