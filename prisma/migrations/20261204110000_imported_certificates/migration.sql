-- A team brings a certificate with its key, which a worker reads and takes in.
ALTER TYPE "operation_purpose" ADD VALUE 'import' AFTER 'revocation';

CREATE TABLE "brought_certificate" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "asker_id" TEXT NOT NULL,
    "asker_name" TEXT NOT NULL,
    "secret_key_id" TEXT,
    "secret_ciphertext" BYTEA,
    "problems" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "brought_certificate_pkey" PRIMARY KEY ("id"),
    -- What was read is not kept, and what was not read has no problems yet.
    CONSTRAINT "brought_certificate_read_once" CHECK (("secret_key_id" IS NULL) = ("secret_ciphertext" IS NULL) AND ("secret_ciphertext" IS NULL) = ("problems" IS NOT NULL))
);

CREATE UNIQUE INDEX "brought_certificate_endpoint_id_key" ON "brought_certificate"("endpoint_id");
CREATE INDEX "brought_certificate_created_at_idx" ON "brought_certificate"("created_at");
ALTER TABLE "brought_certificate" ADD CONSTRAINT "brought_certificate_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE CONSTRAINT TRIGGER brought_certificate_is_audited AFTER INSERT OR DELETE ON brought_certificate DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('endpoint.bring-certificate=endpoint_id');

-- It also begins and hurries work.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'issuer.test', 'issuer.try', 'destination.test', 'destination.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl', 'certificate.ask-key', 'endpoint.bring-certificate=endpoint_id');
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'issuer.test', 'destination.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation', 'certificate.ask-key', 'endpoint.bring-certificate');
