-- As before (acts_are_audited), and where no column is named after an action, it may have been done to anything: what begins or
-- ends work names the request, the name or the zone, and the work that makes room for it is of another one.
CREATE OR REPLACE FUNCTION act_is_audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  pair text;
BEGIN
  FOREACH pair IN ARRAY TG_ARGV LOOP
    IF pair LIKE '%=%' THEN
      PERFORM 1 FROM audit_event AS event
        WHERE event.subject_kind = split_part(pair, '.', 1) AND event.subject_id = written ->> split_part(pair, '=', 2)
          AND event.action = split_part(pair, '=', 1)
          AND event.actor_id = coalesce(acting_id(), event.actor_id)
          AND event.xmin = pg_current_xact_id()::xid;
    ELSE
      -- Nobody else appends before this transaction ends, so what it appended are the last ones.
      PERFORM 1 FROM audit_event AS event
        WHERE event.seq > (SELECT max(seq) - 100 FROM audit_event)
          AND event.action = pair
          AND event.actor_id = coalesce(acting_id(), event.actor_id)
          AND event.xmin = pg_current_xact_id()::xid;
    END IF;
    IF FOUND THEN
      RETURN NULL;
    END IF;
  END LOOP;
  RAISE EXCEPTION '% on % without its audit event', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE CONSTRAINT TRIGGER team_is_audited AFTER INSERT ON team DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('team.create=id');
CREATE CONSTRAINT TRIGGER token_team_is_audited AFTER INSERT ON token_team DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('token.create=token_id');
CREATE CONSTRAINT TRIGGER service_token_end_is_audited AFTER UPDATE OF revoked_at ON service_token DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('token.revoke=id');
CREATE CONSTRAINT TRIGGER session_end_is_audited AFTER UPDATE ON session DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('session.end=id', 'person.end-sessions=person_id', 'person.disable=person_id', 'person.set-password=person_id', 'person.change-password=person_id');
CREATE CONSTRAINT TRIGGER password_link_end_is_audited AFTER UPDATE ON password_link DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('person.make-link=person_id', 'person.invite=person_id', 'person.disable=person_id', 'person.set-password=person_id', 'person.change-password=person_id');
CREATE CONSTRAINT TRIGGER environment_is_audited AFTER INSERT OR UPDATE OR DELETE ON environment DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('environment.create=slug', 'environment.update=slug', 'environment.remove=slug');
CREATE CONSTRAINT TRIGGER cluster_is_audited AFTER INSERT OR UPDATE OR DELETE ON cluster DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('cluster.create=slug', 'cluster.update=slug', 'cluster.remove=slug');
CREATE CONSTRAINT TRIGGER connection_trial_is_audited AFTER INSERT ON connection_trial DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('zone.try=id');
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try');
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'zone.give-up', 'zone.remove');

-- The number of the next work on a subject: a policy that asks its own table cannot be written otherwise.
CREATE FUNCTION next_generation(about text) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(max(generation), 0) + 1 FROM operation WHERE subject = about
$$;
