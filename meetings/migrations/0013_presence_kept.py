from django.db import migrations, models

# Minutes approved so far keep who was there as it is written down today.
FILL = """
UPDATE meetings_minutes AS minutes SET presence = told.presence
FROM (
  SELECT m.id, jsonb_build_object(
           'is_taken', coalesce(bool_or(asked.is_taken), false),
           'present', coalesce(jsonb_agg(asked.line ORDER BY asked.name, asked.id) FILTER (WHERE asked.came), '[]'),
           'apologies', coalesce(
             jsonb_agg(asked.line ORDER BY asked.name, asked.id) FILTER (WHERE NOT asked.came AND asked.reply = 'no'), '[]'
           )
         ) AS presence
  FROM meetings_minutes m
  LEFT JOIN (
    SELECT each.id, each.meeting_id, each.reply, each.is_taken, person.display_name AS name,
           jsonb_build_object('user', each.user_id, 'substitute', each.substitute) AS line,
           CASE WHEN each.is_taken THEN coalesce(each.attended, false) ELSE each.reply IN ('yes', 'online') END AS came
    FROM (
      SELECT a.*, bool_or(a.attended IS NOT NULL) OVER (PARTITION BY a.meeting_id) AS is_taken FROM meetings_attendee a
    ) AS each
    JOIN people_user AS person ON person.id = each.user_id
  ) AS asked ON asked.meeting_id = m.meeting_id
  WHERE m.state IN ('approved', 'published')
  GROUP BY m.id
) AS told
WHERE told.id = minutes.id
"""
# As in 0008, with `presence` among what never changes.
KEEP = """
CREATE OR REPLACE FUNCTION meetings_minutes_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NOT (
       NEW.state = OLD.state AND NEW.published_at IS NOT DISTINCT FROM OLD.published_at
       OR OLD.state = 'approved' AND NEW.state = 'published'
     ) OR (
       NEW.id, NEW.meeting_id, NEW.revision, NEW.language, NEW.text, NEW.html, NEW.decisions, NEW.actions, NEW.edit,
       NEW.written_by_id, NEW.changed_at, NEW.approved_at, NEW.approved_by_id{more_new}
     ) IS DISTINCT FROM (
       OLD.id, OLD.meeting_id, OLD.revision, OLD.language, OLD.text, OLD.html, OLD.decisions, OLD.actions, OLD.edit,
       OLD.written_by_id, OLD.changed_at, OLD.approved_at, OLD.approved_by_id{more_old}
     ) THEN
    RAISE EXCEPTION 'approved minutes never change; write a correction' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0012_waiting_list"),
    ]

    operations = [
        migrations.AddField(
            model_name="minutes",
            name="presence",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            KEEP.format(more_new=", NEW.presence", more_old=", OLD.presence"), KEEP.format(more_new="", more_old="")
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.CheckConstraint(
                condition=models.Q(("presence__isnull", False), ("state__in", ["approved", "published"]))
                | models.Q(("presence__isnull", True), ("state__in", ["draft", "for_comment"])),
                name="minutes_presence_kept",
            ),
        ),
    ]
