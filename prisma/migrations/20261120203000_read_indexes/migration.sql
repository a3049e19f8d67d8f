-- Indexes for lists and boards. The two partial ones cannot be said in the schema language.

-- Certificates in use in the order of expiry: an installation that renews keeps ten times as many that are not.
CREATE INDEX "certificate_in_use_expiry" ON "certificate"("not_after", "id") WHERE "state" IN ('issued', 'served');
-- The newest certificate in use of an endpoint.
CREATE INDEX "certificate_in_use_endpoint" ON "certificate"("endpoint_id", "created_at" DESC) WHERE "state" IN ('issued', 'served');

-- CreateIndex
CREATE INDEX "certificate_not_after_id_idx" ON "certificate"("not_after", "id");

-- CreateIndex
CREATE INDEX "endpoint_checked_at_idx" ON "endpoint"("checked_at");
