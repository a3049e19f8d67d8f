-- The connection of an issuer is tested, too: before it is kept, as that of a zone, and afterwards.
ALTER TYPE "operation_kind" ADD VALUE 'issuer';

-- What is tried is of a zone or of an issuer: where it is, is said alike, and the rest is each one's own.
ALTER TABLE "connection_trial" ADD COLUMN "about" JSONB;
UPDATE "connection_trial" SET "about" = jsonb_build_object('apex', "apex", 'view', "view", 'servers', "servers");
ALTER TABLE "connection_trial" ALTER COLUMN "about" SET NOT NULL,
                               DROP COLUMN "apex",
                               DROP COLUMN "view",
                               DROP COLUMN "servers";
ALTER TABLE "connection_trial" RENAME COLUMN "provider" TO "kind";
ALTER TABLE "connection_trial" RENAME COLUMN "connection" TO "settings";

DROP TRIGGER connection_trial_is_audited ON connection_trial;
CREATE CONSTRAINT TRIGGER connection_trial_is_audited AFTER INSERT ON connection_trial DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('zone.try=id', 'issuer.try=id');

-- Either begins work.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'issuer.test', 'issuer.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl');
-- A newer test takes the place of one that is under way.
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'issuer.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation');
