-- An issuer that makes the key itself is sent no CSR; whose key is here has always made one.
ALTER TABLE "certificate_order" ALTER COLUMN "csr" DROP NOT NULL,
  ADD CONSTRAINT "certificate_order_csr_of_key" CHECK ("csr" IS NOT NULL OR "key_id" IS NULL);

-- A proof that is an alias, and stays for as long as the certificate is wanted.
ALTER TABLE "dns_proof" ADD COLUMN "type" TEXT NOT NULL DEFAULT 'TXT', ADD COLUMN "found" BOOLEAN NOT NULL DEFAULT false,
  ADD CONSTRAINT "dns_proof_type" CHECK ("type" IN ('TXT', 'CNAME'));

-- What an issuer keeps with its key under a name of its own, and what was last seen of it there.
CREATE TABLE "kept_certificate" (
    "id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "looked_at" TIMESTAMPTZ(3),
    "in_use_by" TEXT[],
    "eligible" BOOLEAN,
    "renewal" TEXT,
    "why" TEXT,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "kept_certificate_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "kept_certificate_issuer_id_reference_key" ON "kept_certificate"("issuer_id", "reference");
CREATE INDEX "kept_certificate_endpoint_id_idx" ON "kept_certificate"("endpoint_id");
ALTER TABLE "kept_certificate" ADD CONSTRAINT "kept_certificate_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "kept_certificate" ADD CONSTRAINT "kept_certificate_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
