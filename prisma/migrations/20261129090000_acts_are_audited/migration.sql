-- What the portal writes of who may do what is written together with an event of the audit trail about it, by whoever acts, or
-- not at all. Asked when the transaction ends, because events are appended last. What else the event says is the portal's word.
-- Each argument is an action, and the column that holds the id of what it is done to.
CREATE FUNCTION act_is_audited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  written jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  pair text;
BEGIN
  FOREACH pair IN ARRAY TG_ARGV LOOP
    PERFORM 1 FROM audit_event AS event
      WHERE event.subject_kind = split_part(pair, '.', 1) AND event.subject_id = written ->> split_part(pair, '=', 2)
        AND event.action = split_part(pair, '=', 1)
        AND event.actor_id = coalesce(acting_id(), event.actor_id)
        AND event.xmin = pg_current_xact_id()::xid;
    IF FOUND THEN
      RETURN NULL;
    END IF;
  END LOOP;
  RAISE EXCEPTION '% on % without its audit event', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE CONSTRAINT TRIGGER person_is_audited AFTER INSERT ON person DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('person.create=id', 'person.invite=id');
CREATE CONSTRAINT TRIGGER person_change_is_audited AFTER UPDATE OF roles, disabled_at, oidc_subject, account, email ON person DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('person.set-roles=id', 'person.disable=id', 'person.enable=id', 'person.link=id');
CREATE CONSTRAINT TRIGGER membership_is_audited AFTER INSERT OR UPDATE OR DELETE ON membership DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('team.set-member=team_id', 'team.create=team_id', 'person.invite=person_id');
CREATE CONSTRAINT TRIGGER password_is_audited AFTER INSERT OR UPDATE ON password DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('person.set-password=person_id', 'person.change-password=person_id');
CREATE CONSTRAINT TRIGGER password_link_is_audited AFTER INSERT ON password_link DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('person.make-link=person_id', 'person.invite=person_id');
CREATE CONSTRAINT TRIGGER session_is_audited AFTER INSERT ON session DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('session.start=id');
CREATE CONSTRAINT TRIGGER service_token_is_audited AFTER INSERT ON service_token DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('token.create=id');
CREATE CONSTRAINT TRIGGER grant_is_audited AFTER INSERT OR UPDATE ON "grant" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('grant.create=id', 'grant.update=id', 'grant.revoke=id');
CREATE CONSTRAINT TRIGGER reservation_is_audited AFTER INSERT OR DELETE ON reservation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('reservation.create=id', 'reservation.remove=id');
CREATE CONSTRAINT TRIGGER exception_is_audited AFTER INSERT OR UPDATE ON policy_exception DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('exception.create=id', 'exception.end=id');
CREATE CONSTRAINT TRIGGER zone_is_audited AFTER INSERT OR UPDATE OR DELETE ON zone DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('zone.create=id', 'zone.update=id', 'zone.remove=id', 'zone.give-up=id');
CREATE CONSTRAINT TRIGGER request_is_audited AFTER INSERT OR UPDATE ON request DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=id', 'request.approve=id', 'request.reject=id', 'request.cancel=id', 'request.supersede=id');
CREATE CONSTRAINT TRIGGER review_is_audited AFTER INSERT OR DELETE ON review DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.approve=request_id', 'request.reject=request_id');
