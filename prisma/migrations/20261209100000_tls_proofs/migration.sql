-- What proves to a CA in a TLS handshake (RFC 8737 §3) that a name is ours: an edge that reads the directory of the worker shows it.
CREATE TABLE "tls_proof" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "hostname" TEXT NOT NULL,
    "key_authorization" TEXT NOT NULL,
    "put_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tls_proof_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "tls_proof_hostname_key" ON "tls_proof"("hostname");
CREATE INDEX "tls_proof_order_id_idx" ON "tls_proof"("order_id");

ALTER TABLE "tls_proof" ADD CONSTRAINT "tls_proof_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "certificate_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Which workers have an edge that shows them: nothing else in the model tells where it is.
ALTER TABLE "worker_heartbeat" ADD COLUMN "tls_proofs" BOOLEAN NOT NULL DEFAULT false;
