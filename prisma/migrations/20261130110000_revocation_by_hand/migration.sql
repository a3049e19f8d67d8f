-- Somebody asks for a certificate to be revoked: the portal writes the wish, a worker acts on it.
ALTER TYPE "operation_purpose" ADD VALUE 'revocation' AFTER 'renewal';

CREATE TABLE "revocation_request" (
    "id" UUID NOT NULL,
    "certificate_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "comment" TEXT NOT NULL,
    "compromised_key" TEXT,
    "asker_id" TEXT NOT NULL,
    "asker_name" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "revocation_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "revocation_request_reason" CHECK ("reason" IN ('unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn')),
    CONSTRAINT "revocation_request_comment" CHECK (length("comment") BETWEEN 1 AND 500),
    CONSTRAINT "revocation_request_compromised_key" CHECK ("compromised_key" IS NULL OR ("reason" = 'keyCompromise' AND "compromised_key" ~ '^[0-9a-f]{64}$'))
);

CREATE INDEX "revocation_request_certificate_id_asked_at_idx" ON "revocation_request"("certificate_id", "asked_at" DESC);
CREATE INDEX "revocation_request_compromised_key_idx" ON "revocation_request"("compromised_key");

ALTER TABLE "revocation_request" ADD CONSTRAINT "revocation_request_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE CONSTRAINT TRIGGER revocation_request_is_audited AFTER INSERT ON revocation_request DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('certificate.ask-revocation=certificate_id');

-- It also begins and hurries work.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'certificate.ask-revocation');
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation');
