-- The internal CA has a life: several roots, each in a state, CAs that are signed elsewhere, and what an administrator asks of it,
-- which a worker carries out.
ALTER TYPE "operation_kind" ADD VALUE 'authority';
ALTER TYPE "operation_purpose" ADD VALUE 'ceremony';

ALTER TABLE "issuer" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'active',
                     ADD COLUMN "root_id" UUID,
                     ADD CONSTRAINT "issuer_state" CHECK ("state" IN ('announced', 'active', 'replaced', 'withdrawn'));
ALTER TABLE "issuer" ADD CONSTRAINT "issuer_root_id_fkey" FOREIGN KEY ("root_id") REFERENCES "issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX "issuer_root_id_idx" ON "issuer"("root_id");
-- One root signs at a time.
CREATE UNIQUE INDEX "issuer_active_root" ON "issuer" (("kind")) WHERE "kind" = 'internal-root' AND "state" = 'active';
UPDATE "issuer" SET "root_id" = (SELECT "id" FROM "issuer" WHERE "slug" = 'root') WHERE "kind" = 'internal-ca';

CREATE TABLE "authority_change" (
    "id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "act" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "secret_key_id" TEXT,
    "secret_ciphertext" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "authority_change_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "authority_change_act" CHECK ("act" IN ('make-root', 'connect-root', 'import', 'activate-root', 'withdraw-root', 'request-intermediate', 'install-intermediate', 'drop-request', 'install-crl'))
);

CREATE UNIQUE INDEX "authority_change_operation_id_key" ON "authority_change"("operation_id");
CREATE INDEX "authority_change_created_at_idx" ON "authority_change"("created_at");
ALTER TABLE "authority_change" ADD CONSTRAINT "authority_change_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "authority_request" (
    "id" UUID NOT NULL,
    "root_id" UUID NOT NULL,
    "csr" BYTEA NOT NULL,
    "permitted_suffixes" TEXT[],
    "key_algorithm" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "key_ciphertext" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "authority_request_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "authority_request_root_id_idx" ON "authority_request"("root_id");
ALTER TABLE "authority_request" ADD CONSTRAINT "authority_request_root_id_fkey" FOREIGN KEY ("root_id") REFERENCES "issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "bundle_fetch" (
    "address" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "bundle_fetch_pkey" PRIMARY KEY ("address", "fingerprint")
);

CREATE INDEX "bundle_fetch_last_seen_at_idx" ON "bundle_fetch"("last_seen_at");

CREATE CONSTRAINT TRIGGER authority_change_is_audited AFTER INSERT ON authority_change DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('authority.make-root=subject_id', 'authority.connect-root=subject_id', 'authority.import=subject_id', 'authority.activate-root=subject_id', 'authority.withdraw-root=subject_id', 'authority.request-intermediate=subject_id', 'authority.install-intermediate=subject_id', 'authority.drop-request=subject_id', 'authority.install-crl=subject_id');

-- It also begins work.
DROP TRIGGER operation_is_audited ON operation;
CREATE CONSTRAINT TRIGGER operation_is_audited AFTER INSERT ON operation DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (current_user = 'hostmaster_web')
  EXECUTE FUNCTION act_is_audited('request.create=request_id', 'request.approve=request_id', 'request.cancel=request_id', 'request.supersede=request_id', 'endpoint.recheck=endpoint_id', 'zone.create=zone_id', 'zone.update=zone_id', 'zone.reread=zone_id', 'zone.test=zone_id', 'zone.try', 'certificate.ask-revocation', 'authority.make-root', 'authority.connect-root', 'authority.import', 'authority.activate-root', 'authority.withdraw-root', 'authority.request-intermediate', 'authority.install-intermediate', 'authority.drop-request', 'authority.install-crl');
