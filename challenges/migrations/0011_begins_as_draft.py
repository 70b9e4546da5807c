"""A round begins as a draft, opens before it closes, and keeps its times once it is over, whoever writes."""

from django.db import migrations

# The clock of the ballots is still left to the actions: they load past rounds too, by the times of then. Likewise the
# closing time of an open round may move, as in a demo that is renewed; that of a round that is over may not.
BEGIN = """
CREATE FUNCTION challenges_round_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a round begins as a draft' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER round_begins_as_draft BEFORE INSERT ON challenges_rankinground FOR EACH ROW
  WHEN (NEW.state <> 'draft' OR NEW.opened_at IS NOT NULL OR NEW.unlinked_at IS NOT NULL
        OR NEW.ballots_cast <> 0 OR NEW.paper_ballots <> 0 OR NEW.electors_asked <> 0)
  EXECUTE FUNCTION challenges_round_begins_as_draft();
"""
TIMES = """
CREATE FUNCTION challenges_round_keeps_its_times() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' AND NEW.state <> 'open' AND NEW.opened_at IS NOT NULL THEN
    RAISE EXCEPTION 'a round has been opened once it is open' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'draft' AND NEW.state = 'open' AND NEW.closes_at <= NEW.opened_at THEN
    RAISE EXCEPTION 'a round opens before it closes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('closed', 'published', 'cancelled')
     AND (NEW.opens_at, NEW.closes_at) IS DISTINCT FROM (OLD.opens_at, OLD.closes_at) THEN
    RAISE EXCEPTION 'the times of a round that is over never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_keeps_its_times BEFORE UPDATE ON challenges_rankinground FOR EACH ROW
  EXECUTE FUNCTION challenges_round_keeps_its_times();
"""
THAW = """
DROP TRIGGER round_keeps_its_times ON challenges_rankinground;
DROP TRIGGER round_begins_as_draft ON challenges_rankinground;
DROP FUNCTION challenges_round_keeps_its_times(), challenges_round_begins_as_draft();
"""


class Migration(migrations.Migration):
    dependencies = [("challenges", "0010_decisions")]
    operations = [migrations.RunSQL(f"{BEGIN}{TIMES}", THAW)]
