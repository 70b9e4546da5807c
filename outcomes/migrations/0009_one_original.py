"""A translation is of an original. Citations of a published edition may be written anew: they name its DOI."""

from django.db import migrations

# Two at once could each see no chain: the action locks both publications; the triggers refuse who goes around it.
ORIGINAL = """
CREATE FUNCTION outcomes_translation_is_of_an_original() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM outcomes_publication p WHERE p.id = NEW.translation_of_id AND p.translation_of_id IS NOT NULL)
     OR EXISTS (SELECT FROM outcomes_publication p WHERE p.translation_of_id = NEW.id) THEN
    RAISE EXCEPTION 'a translation is of an original, not of a translation' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER translation_is_of_an_original BEFORE INSERT OR UPDATE OF translation_of_id ON outcomes_publication
  FOR EACH ROW WHEN (NEW.translation_of_id IS NOT NULL) EXECUTE FUNCTION outcomes_translation_is_of_an_original();
"""
ANY = """
DROP TRIGGER translation_is_of_an_original ON outcomes_publication;
DROP FUNCTION outcomes_translation_is_of_an_original();
"""
FILES = """
CREATE FUNCTION outcomes_editionfile_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.format IN ('bib', 'ris', 'csl')
     AND (NEW.id, NEW.edition_id, NEW.format) IS NOT DISTINCT FROM (OLD.id, OLD.edition_id, OLD.format) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM outcomes_edition e WHERE e.id IN (NEW.edition_id, OLD.edition_id)
             AND e.state IN ('published', 'superseded', 'withdrawn')) THEN
    RAISE EXCEPTION 'files of a published edition never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
DROP TRIGGER edition_files_are_frozen ON outcomes_editionfile;
CREATE TRIGGER edition_files_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON outcomes_editionfile FOR EACH ROW
  EXECUTE FUNCTION outcomes_editionfile_is_frozen();
"""
ALL_FILES = """
DROP TRIGGER edition_files_are_frozen ON outcomes_editionfile;
DROP FUNCTION outcomes_editionfile_is_frozen();
CREATE TRIGGER edition_files_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON outcomes_editionfile FOR EACH ROW
  EXECUTE FUNCTION outcomes_files_are_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0008_doi_and_translations")]
    operations = [migrations.RunSQL(ORIGINAL, ANY), migrations.RunSQL(FILES, ALL_FILES)]
