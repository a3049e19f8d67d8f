ALTER TABLE "certificate_order" ADD COLUMN "unavailable_since" TIMESTAMPTZ(3);
