-- What proves to a CA, in DNS, that a name is ours: written down before it is put there, so that it is taken back whatever happens.
CREATE TABLE "dns_proof" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "zone_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "put_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dns_proof_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "dns_proof_order_id_zone_id_name_text_key" ON "dns_proof"("order_id", "zone_id", "name", "text");

ALTER TABLE "dns_proof" ADD CONSTRAINT "dns_proof_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "certificate_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
-- Where a zone is removed, nobody here writes to it any more.
ALTER TABLE "dns_proof" ADD CONSTRAINT "dns_proof_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE CASCADE ON UPDATE CASCADE;
