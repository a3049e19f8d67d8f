-- What refers to a row is found from it: the revision that a request made, the names and requests of a zone, the orders of an issuer.
CREATE INDEX "endpoint_revision_request_id_idx" ON "endpoint_revision"("request_id");
CREATE INDEX "endpoint_zone_id_idx" ON "endpoint"("zone_id");
CREATE INDEX "request_zone_id_idx" ON "request"("zone_id");
CREATE INDEX "certificate_order_issuer_id_idx" ON "certificate_order"("issuer_id");
