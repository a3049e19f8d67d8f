-- What the issuer said of an order when it was last asked, from the order down to each challenge, and why it refused it for good.
ALTER TABLE "certificate_order" ADD COLUMN "trail" JSONB, ADD COLUMN "trail_at" TIMESTAMPTZ(3), ADD COLUMN "refusal" TEXT;

-- Since when an issuer cannot be asked.
ALTER TABLE "issuer" ADD COLUMN "unavailable_since" TIMESTAMPTZ(3);

-- Those whose key its requester keeps are few.
CREATE INDEX "certificate_order_key_elsewhere" ON "certificate_order"("id") WHERE "key_id" IS NULL;
