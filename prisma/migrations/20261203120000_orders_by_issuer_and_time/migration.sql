-- What a CA takes within some time is counted by when it was ordered.
DROP INDEX "certificate_order_issuer_id_idx";
CREATE INDEX "certificate_order_issuer_id_created_at_idx" ON "certificate_order"("issuer_id", "created_at" DESC);
