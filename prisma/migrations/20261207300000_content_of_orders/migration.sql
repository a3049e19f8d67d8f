ALTER TABLE "certificate_order" ADD COLUMN "content" JSONB;
