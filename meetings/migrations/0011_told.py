from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0010_rules_afterwards"),
    ]

    operations = [
        migrations.AddField(
            model_name="attendee",
            name="substitute_shift",
            field=models.PositiveSmallIntegerField(
                default=0,
                editable=False,
                help_text="How far the SEQUENCE of substitutes is ahead of the meeting's.",
            ),
        ),
        migrations.AddField(
            model_name="minutes",
            name="comments_by",
            field=models.DateTimeField(
                blank=True,
                help_text="Until when comments are asked for.",
                null=True,
                verbose_name="comments by",
            ),
        ),
    ]
