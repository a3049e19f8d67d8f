-- What an issuer revoked: one complete list, and one for each shard of its leaves.
CREATE TABLE "revocation_list" (
    "issuer_id" UUID NOT NULL,
    "list" INTEGER NOT NULL,
    "number" INTEGER NOT NULL DEFAULT 0,
    "der" BYTEA,
    "next_update" TIMESTAMPTZ(3),
    "refresh_at" TIMESTAMPTZ(3) NOT NULL,
    "addresses" TEXT[],

    CONSTRAINT "revocation_list_pkey" PRIMARY KEY ("issuer_id","list")
);
ALTER TABLE "revocation_list" ADD CONSTRAINT "revocation_list_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The complete lists that there are go on with their numbers; a worker adds those of the shards.
INSERT INTO "revocation_list" ("issuer_id", "list", "number", "der", "next_update", "refresh_at", "addresses")
SELECT "id", 0, "crl_number", "crl", "crl_next_update", now(), '{}' FROM "issuer" WHERE "crl_number" > 0;
ALTER TABLE "issuer" DROP COLUMN "crl", DROP COLUMN "crl_number", DROP COLUMN "crl_next_update";

CREATE TABLE "ocsp_signer" (
    "issuer_id" UUID NOT NULL,
    "certificate" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "key_ciphertext" BYTEA NOT NULL,

    CONSTRAINT "ocsp_signer_pkey" PRIMARY KEY ("issuer_id")
);
ALTER TABLE "ocsp_signer" ADD CONSTRAINT "ocsp_signer_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "ocsp_response" (
    "certificate_id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "sha1" BYTEA,
    "sha256" BYTEA,
    "this_update" TIMESTAMPTZ(3),
    "next_update" TIMESTAMPTZ(3) NOT NULL,
    "refresh_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ocsp_response_pkey" PRIMARY KEY ("certificate_id")
);
CREATE INDEX "ocsp_response_issuer_id_refresh_at_idx" ON "ocsp_response"("issuer_id", "refresh_at");
CREATE INDEX "ocsp_response_issuer_id_next_update_idx" ON "ocsp_response"("issuer_id", "next_update");
ALTER TABLE "ocsp_response" ADD CONSTRAINT "ocsp_response_certificate_id_fkey" FOREIGN KEY ("certificate_id") REFERENCES "certificate"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ocsp_response" ADD CONSTRAINT "ocsp_response_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was issued before is answered for as well: a worker signs these within the hour.
INSERT INTO "ocsp_response" ("certificate_id", "issuer_id", "next_update", "refresh_at")
SELECT c."id", c."issuer_id", now() + interval '1 hour', now()
  FROM "certificate" c JOIN "issuer" i ON i."id" = c."issuer_id"
 WHERE i."kind" = 'internal-ca' AND c."not_after" > now();

-- A list is made of what is revoked, of which there is little among all that was issued.
CREATE INDEX "certificate_revoked_idx" ON "certificate"("issuer_id", "not_after") WHERE "state" = 'revoked';
