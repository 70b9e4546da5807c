import datetime as dt

from django.db import migrations

DEFAULTS = [
    ("all", dt.timedelta(days=2)),
    ("owners", dt.timedelta(days=14)),
]


def install(apps, schema_editor):
    rules = apps.get_model("meetings", "ReminderRule")
    for audience, offset in DEFAULTS:
        rules.objects.get_or_create(
            group=None,
            meeting=None,
            letter="afterwards",
            anchor="end",
            offset=offset,
            defaults={"audience": audience},
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0009_webinars")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
