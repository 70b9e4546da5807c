"""A class of letters that no letter belongs to is no choice."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("notices", "Preference").objects.filter(letter_class="group_news").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_preferences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="preference",
            name="preference_letter_class_known",
        ),
        migrations.AlterField(
            model_name="preference",
            name="letter_class",
            field=models.CharField(
                choices=[("meeting", "Meetings"), ("round", "Ranking rounds"), ("outcome", "Outcomes")],
                max_length=20,
                verbose_name="letters about",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("letter_class__in", ["meeting", "round", "outcome"])),
                name="preference_letter_class_known",
                violation_error_message="This is none of the choices.",
            ),
        ),
    ]
