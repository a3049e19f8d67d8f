-- The private key of a certificate is taken away once, by somebody of its team: a worker seals it for their browser.
ALTER TYPE "operation_kind" ADD VALUE 'key';
ALTER TYPE "operation_purpose" ADD VALUE 'export';

CREATE TABLE "key_export" (
    "id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "certificate_id" UUID NOT NULL,
    "asker_id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "sealed" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_at" TIMESTAMPTZ(3),

    CONSTRAINT "key_export_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "key_proof" (
    "export_id" UUID NOT NULL,
    "secret_key_id" TEXT NOT NULL,
    "secret_ciphertext" BYTEA NOT NULL,

    CONSTRAINT "key_proof_pkey" PRIMARY KEY ("export_id")
);

CREATE UNIQUE INDEX "key_export_operation_id_key" ON "key_export"("operation_id");
CREATE INDEX "key_export_certificate_id_idx" ON "key_export"("certificate_id");
CREATE INDEX "key_export_asker_id_idx" ON "key_export"("asker_id");
CREATE INDEX "key_export_created_at_idx" ON "key_export"("created_at");
-- A key leaves once.
CREATE UNIQUE INDEX "key_export_once" ON "key_export"("certificate_id") WHERE "taken_at" IS NOT NULL;
ALTER TABLE "key_export" ADD CONSTRAINT "key_export_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "key_export" ADD CONSTRAINT "key_export_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "key_export" ADD CONSTRAINT "key_export_asker_id_fkey" FOREIGN KEY ("asker_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "key_proof" ADD CONSTRAINT "key_proof_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "key_export"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE CONSTRAINT TRIGGER key_export_is_audited AFTER INSERT ON key_export DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('certificate.ask-key=certificate_id');
CREATE CONSTRAINT TRIGGER key_taking_is_audited AFTER UPDATE ON key_export DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('certificate.take-key=certificate_id');

-- It also begins work.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'issuer.test', 'issuer.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl', 'certificate.ask-key');
-- A newer wish takes the place of one that is under way.
DROP TRIGGER operation_change_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_change_is_audited AFTER UPDATE ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create', 'request.approve', 'request.cancel', 'endpoint.recheck', 'zone.create', 'zone.update', 'zone.reread', 'zone.test', 'issuer.test', 'zone.give-up', 'zone.remove', 'certificate.ask-revocation', 'certificate.ask-key');
