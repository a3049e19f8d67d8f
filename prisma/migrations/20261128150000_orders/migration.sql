-- An order is what was asked of an issuer; a certificate is what came of it, read from the leaf.
CREATE TABLE "certificate_order" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "names" TEXT[],
    "key_algorithm" TEXT NOT NULL,
    "csr" BYTEA NOT NULL,
    "key_id" TEXT,
    "key_ciphertext" BYTEA,
    "key_label" TEXT NOT NULL,
    "resume" JSONB NOT NULL,
    "reference" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "certificate_order_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "certificate_order_state_word" CHECK ("state" IN ('open', 'issued', 'refused', 'abandoned')),
    CONSTRAINT "certificate_order_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "certificate_order_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "certificate_order_endpoint_id_created_at_idx" ON "certificate_order"("endpoint_id", "created_at" DESC);

-- Every certificate had its order in its own row, whose id the order takes over. What its key is wrapped for stays as it was.
INSERT INTO "certificate_order" ("id", "endpoint_id", "issuer_id", "state", "names", "key_algorithm", "csr", "key_id", "key_ciphertext",
  "key_label", "resume", "created_at", "closed_at")
SELECT "id", "endpoint_id", "issuer_id",
       CASE WHEN "fingerprint" IS NOT NULL THEN 'issued' WHEN "state" = 'ordered' THEN 'open' WHEN "state" = 'failed' THEN 'refused' ELSE 'abandoned' END,
       "names", "key_algorithm", "csr", "key_id", "key_ciphertext", "serial",
       jsonb_build_object('serial', "serial",
         'notBefore', to_char("not_before" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'notAfter', to_char("not_after" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')),
       "created_at",
       CASE WHEN "state" = 'ordered' AND "fingerprint" IS NULL THEN NULL ELSE COALESCE("issued_at", "created_at") END
  FROM "certificate";

DELETE FROM "certificate" WHERE "fingerprint" IS NULL OR "chain_pem" IS NULL;

DROP INDEX "certificate_serial_key", "certificate_endpoint_id_created_at_idx", "certificate_state_not_after_idx",
  "certificate_state_renew_after_idx", "certificate_in_use_expiry", "certificate_in_use_endpoint";

ALTER TYPE "certificate_state" RENAME TO "certificate_state_before";
CREATE TYPE "certificate_state" AS ENUM ('issued', 'served', 'superseded', 'revoked');
ALTER TABLE "certificate"
  ALTER COLUMN "state" DROP DEFAULT,
  ALTER COLUMN "state" TYPE "certificate_state" USING "state"::text::"certificate_state",
  ALTER COLUMN "state" SET DEFAULT 'issued',
  ADD COLUMN "order_id" UUID;
DROP TYPE "certificate_state_before";

UPDATE "certificate" SET "order_id" = "id", "issued_at" = COALESCE("issued_at", "created_at");
ALTER TABLE "certificate"
  ALTER COLUMN "order_id" SET NOT NULL,
  ALTER COLUMN "chain_pem" SET NOT NULL,
  ALTER COLUMN "fingerprint" SET NOT NULL,
  ALTER COLUMN "issued_at" SET NOT NULL,
  ALTER COLUMN "issued_at" SET DEFAULT CURRENT_TIMESTAMP,
  DROP COLUMN "csr",
  DROP COLUMN "key_id",
  DROP COLUMN "key_ciphertext",
  DROP COLUMN "created_at",
  ADD CONSTRAINT "certificate_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "certificate_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX "certificate_order_id_key" ON "certificate"("order_id");
-- A serial is one issuer's; others may have the same.
CREATE UNIQUE INDEX "certificate_serial_issuer_id_key" ON "certificate"("serial", "issuer_id");
CREATE INDEX "certificate_endpoint_id_issued_at_idx" ON "certificate"("endpoint_id", "issued_at" DESC);
CREATE INDEX "certificate_state_not_after_idx" ON "certificate"("state", "not_after");
CREATE INDEX "certificate_state_renew_after_idx" ON "certificate"("state", "renew_after");
CREATE INDEX "certificate_in_use_expiry" ON "certificate"("not_after", "id") WHERE "state" IN ('issued', 'served');
CREATE INDEX "certificate_in_use_endpoint" ON "certificate"("endpoint_id", "issued_at" DESC) WHERE "state" IN ('issued', 'served');

-- A profile is named, and a kind of issuer has settings of its own.
ALTER TABLE "issuer" ADD COLUMN "settings" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "issuer" RENAME COLUMN "profile" TO "profile_before";
ALTER TABLE "issuer" ADD COLUMN "profile" TEXT;
UPDATE "issuer" SET "profile" = "profile_before" ->> 'name';
ALTER TABLE "issuer" DROP COLUMN "profile_before";
