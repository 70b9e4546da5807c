from django.db import migrations

REFUSE = """
CREATE FUNCTION history_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only';
END $$;
CREATE TRIGGER history_entry_append_only BEFORE UPDATE OR DELETE ON history_entry
FOR EACH ROW EXECUTE FUNCTION history_entry_refuse();
"""
ALLOW = """
DROP TRIGGER history_entry_append_only ON history_entry;
DROP FUNCTION history_entry_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0003_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
