"""What a published edition tells of is as frozen as its files."""

from django.db import migrations

FREEZE = """
CREATE TRIGGER edition_sources_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON outcomes_editionsource FOR EACH ROW
  EXECUTE FUNCTION outcomes_files_are_frozen();
"""
THAW = "DROP TRIGGER edition_sources_are_frozen ON outcomes_editionsource;"


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0003_values_known")]
    operations = [migrations.RunSQL(FREEZE, THAW)]
