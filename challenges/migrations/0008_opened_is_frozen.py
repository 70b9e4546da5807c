"""What opening, closing and unlinking fix stays fixed, whoever writes: no way around the actions."""

from django.db import migrations

# R1: opening freezes the question, the options, the electors and the method. R7: what was counted is never counted
# again. R9: unlinked ballots stay as they are. The clock is left to the actions, which load past rounds too.
ROUND = """
CREATE FUNCTION challenges_round_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a round that was opened stays' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
       ('draft', 'open'), ('draft', 'cancelled'), ('open', 'closed'), ('open', 'cancelled'), ('closed', 'published')
     ) THEN
    RAISE EXCEPTION 'a round never goes from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'draft' AND (
       NEW.group_id, NEW.repeats_id, NEW.deepens_id, NEW.title, NEW.question, NEW.policy, NEW.strength, NEW.level,
       NEW.voting_roles, NEW.timezone, NEW.opened_at, NEW.electors_asked
     ) IS DISTINCT FROM (
       OLD.group_id, OLD.repeats_id, OLD.deepens_id, OLD.title, OLD.question, OLD.policy, OLD.strength, OLD.level,
       OLD.voting_roles, OLD.timezone, OLD.opened_at, OLD.electors_asked
     ) THEN
    RAISE EXCEPTION 'what opening a round fixed never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'draft' AND NEW.will_repeat AND NOT OLD.will_repeat THEN
    RAISE EXCEPTION 'ballots cast as unlinked are not kept linked' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state IN ('closed', 'published', 'cancelled') AND (
       NEW.closed_at, NEW.ballots_cast, NEW.paper_ballots, NEW.cancelled_at, NEW.cancel_reason
     ) IS DISTINCT FROM (
       OLD.closed_at, OLD.ballots_cast, OLD.paper_ballots, OLD.cancelled_at, OLD.cancel_reason
     ) THEN
    RAISE EXCEPTION 'a round that is over never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'closed' AND NOT EXISTS (SELECT FROM challenges_roundresult r WHERE r.round_id = NEW.id) THEN
    RAISE EXCEPTION 'a round closes with its result' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.unlinked_at IS NOT NULL AND NEW.unlinked_at IS DISTINCT FROM OLD.unlinked_at
     OR OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at THEN
    RAISE EXCEPTION 'publishing and unlinking happen once' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.unlinked_at IS NOT NULL AND EXISTS (
       SELECT FROM challenges_ballot b WHERE b.round_id = NEW.id AND b.elector_id IS NOT NULL
     ) THEN
    RAISE EXCEPTION 'a ballot of an unlinked round has no elector' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER round_is_frozen BEFORE UPDATE ON challenges_rankinground FOR EACH ROW
  EXECUTE FUNCTION challenges_round_is_frozen();
CREATE TRIGGER opened_round_stays BEFORE DELETE ON challenges_rankinground FOR EACH ROW
  WHEN (OLD.opened_at IS NOT NULL) EXECUTE FUNCTION challenges_round_is_frozen();
"""
ASKED = """
CREATE FUNCTION challenges_options_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM challenges_rankinground r
             WHERE r.id IN (OLD.round_id, NEW.round_id) AND r.opened_at IS NOT NULL) THEN
    RAISE EXCEPTION 'options of a round that was opened never change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER options_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON challenges_roundoption FOR EACH ROW
  EXECUTE FUNCTION challenges_options_are_frozen();
CREATE FUNCTION challenges_electors_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state text;
BEGIN
  SELECT r.state INTO state FROM challenges_rankinground r WHERE r.id = coalesce(NEW.round_id, OLD.round_id);
  IF TG_OP <> 'UPDATE' AND state <> 'draft' OR TG_OP = 'UPDATE' AND (NEW.id, NEW.round_id, NEW.user_id, NEW.helix)
       IS DISTINCT FROM (OLD.id, OLD.round_id, OLD.user_id, OLD.helix) THEN
    RAISE EXCEPTION 'electors of a round that was opened never change' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.has_voted <> OLD.has_voted AND state <> 'open' THEN
    RAISE EXCEPTION 'who took part is fixed when the round is over' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER electors_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON challenges_elector FOR EACH ROW
  EXECUTE FUNCTION challenges_electors_are_frozen();
"""
VOTES = """
CREATE FUNCTION challenges_ballot_is_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own record;
BEGIN
  SELECT r.state, r.unlinked_at INTO own FROM challenges_rankinground r
    WHERE r.id = coalesce(NEW.round_id, OLD.round_id);
  IF own.unlinked_at IS NOT NULL THEN
    RAISE EXCEPTION 'an unlinked ballot never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  -- After the count ballots are only written anew without their electors.
  IF TG_OP = 'INSERT' AND own.state <> 'open' AND (own.state NOT IN ('closed', 'published')
                                                   OR NEW.elector_id IS NOT NULL)
     OR TG_OP = 'UPDATE' AND own.state <> 'open' THEN
    RAISE EXCEPTION 'a round takes ballots while it is open' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.round_id, NEW.elector_id, NEW.helix)
       IS DISTINCT FROM (OLD.id, OLD.round_id, OLD.elector_id, OLD.helix) THEN
    RAISE EXCEPTION 'only the answers of a ballot change' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER ballot_is_in_time BEFORE INSERT OR UPDATE OR DELETE ON challenges_ballot FOR EACH ROW
  EXECUTE FUNCTION challenges_ballot_is_in_time();
CREATE FUNCTION challenges_ballot_answers_all() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  options integer;
BEGIN
  SELECT count(*) INTO options FROM challenges_roundoption o WHERE o.round_id = NEW.round_id;
  IF array_ndims(NEW.ranks) IS DISTINCT FROM 1 OR cardinality(NEW.ranks) <> options
     OR array_position(NEW.ranks, NULL) IS NOT NULL OR options < ANY (NEW.ranks) THEN
    RAISE EXCEPTION 'a ballot answers each option of its round once' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.elector_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM challenges_elector e WHERE e.id = NEW.elector_id AND e.round_id = NEW.round_id
     ) THEN
    RAISE EXCEPTION 'a ballot belongs to an elector of its round' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ballot_answers_all BEFORE INSERT OR UPDATE ON challenges_ballot FOR EACH ROW
  EXECUTE FUNCTION challenges_ballot_answers_all();
CREATE FUNCTION challenges_no_ballot_is_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM challenges_rankinground r
             WHERE r.id = coalesce(NEW.round_id, OLD.round_id) AND r.state IN ('closed', 'published')
               AND r.ballots_cast <> (SELECT count(*) FROM challenges_ballot b WHERE b.round_id = r.id)) THEN
    RAISE EXCEPTION 'a counted round keeps all its ballots' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER no_ballot_is_lost AFTER INSERT OR DELETE ON challenges_ballot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION challenges_no_ballot_is_lost();
CREATE FUNCTION challenges_receipts_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM challenges_rankinground r
             WHERE r.id IN (OLD.round_id, NEW.round_id) AND r.state <> 'open') THEN
    RAISE EXCEPTION 'receipts are written while the round is open' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER receipts_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON challenges_receipt FOR EACH ROW
  EXECUTE FUNCTION challenges_receipts_are_frozen();
CREATE FUNCTION challenges_result_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION 'a result is counted once and never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM challenges_rankinground r WHERE r.id = NEW.round_id AND r.state = 'open') THEN
    RAISE EXCEPTION 'a result is counted when its round closes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER result_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON challenges_roundresult FOR EACH ROW
  EXECUTE FUNCTION challenges_result_is_frozen();
"""
THAW = """
DROP TRIGGER result_is_frozen ON challenges_roundresult;
DROP TRIGGER receipts_are_frozen ON challenges_receipt;
DROP TRIGGER no_ballot_is_lost ON challenges_ballot;
DROP TRIGGER ballot_answers_all ON challenges_ballot;
DROP TRIGGER ballot_is_in_time ON challenges_ballot;
DROP TRIGGER electors_are_frozen ON challenges_elector;
DROP TRIGGER options_are_frozen ON challenges_roundoption;
DROP TRIGGER opened_round_stays ON challenges_rankinground;
DROP TRIGGER round_is_frozen ON challenges_rankinground;
DROP FUNCTION challenges_result_is_frozen(), challenges_receipts_are_frozen(), challenges_no_ballot_is_lost(),
  challenges_ballot_answers_all(), challenges_ballot_is_in_time(), challenges_electors_are_frozen(),
  challenges_options_are_frozen(), challenges_round_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("challenges", "0007_values_known")]
    operations = [migrations.RunSQL(f"{ROUND}{ASKED}{VOTES}", THAW)]
