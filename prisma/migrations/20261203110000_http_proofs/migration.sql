-- What proves to a CA that asks the name itself (RFC 8555 §8.3) that it is ours: the portal's door answers with it.
CREATE TABLE "http_proof" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "token" TEXT NOT NULL,
    "key_authorization" TEXT NOT NULL,
    "put_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "http_proof_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "http_proof_order_id_token_key" ON "http_proof"("order_id", "token");
CREATE INDEX "http_proof_token_idx" ON "http_proof"("token");

ALTER TABLE "http_proof" ADD CONSTRAINT "http_proof_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "certificate_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;
