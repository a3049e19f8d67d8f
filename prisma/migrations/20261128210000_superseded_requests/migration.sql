-- A newer wish takes the place of one that still waits.
ALTER TABLE "request" DROP CONSTRAINT "request_state_word";
ALTER TABLE "request" ADD CONSTRAINT "request_state_word"
  CHECK ("state" IN ('in-review', 'approved', 'applied', 'rejected', 'cancelled', 'superseded', 'stale', 'failed'));
ALTER TABLE "request" ADD COLUMN "superseded_by_id" UUID;
ALTER TABLE "request" ADD CONSTRAINT "request_superseded_by_id_fkey"
  FOREIGN KEY ("superseded_by_id") REFERENCES "request"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "request" ADD CONSTRAINT "request_superseded_by_another" CHECK ("superseded_by_id" IS NULL OR "state" = 'superseded');
CREATE INDEX "request_superseded_by_id_idx" ON "request"("superseded_by_id");
