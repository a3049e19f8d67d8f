-- Orders that came to nothing are forgotten in time (vain-order.ts): looked for every hour, among many that did not.
CREATE INDEX "certificate_order_vain" ON "certificate_order"("closed_at") WHERE "state" IN ('refused', 'abandoned');
