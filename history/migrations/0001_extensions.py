from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent() is only STABLE; indexes need an IMMUTABLE one. Schema-qualified, or a restore fails.
IMMUTABLE_UNACCENT = """
CREATE FUNCTION immutable_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT public.unaccent('public.unaccent'::regdictionary, $1) $$
"""


class Migration(migrations.Migration):
    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(IMMUTABLE_UNACCENT, "DROP FUNCTION immutable_unaccent(text)"),
    ]
