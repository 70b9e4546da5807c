import datetime as dt

from django.db import migrations

DEFAULTS = [
    ("invitation_unanswered", "no_reply", dt.timedelta(days=-14)),
    ("meeting_soon", "yes_or_maybe", dt.timedelta(days=-2)),
    ("join_link", "online", dt.timedelta(hours=-2)),
]


def install(apps, schema_editor):
    rules = apps.get_model("meetings", "ReminderRule")
    for letter, audience, offset in DEFAULTS:
        rules.objects.get_or_create(
            group=None, meeting=None, letter=letter, anchor="start", offset=offset, defaults={"audience": audience}
        )


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_initial")]
    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
