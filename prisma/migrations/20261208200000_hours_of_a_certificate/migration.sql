-- A contract may ask for hours, too: an order says in them how long its certificate is to be valid.
ALTER TABLE "certificate_order" RENAME COLUMN "days" TO "hours";
UPDATE "certificate_order" SET "hours" = "hours" * 24 WHERE "hours" IS NOT NULL;

-- Short-lived ones that another has taken the place of are looked for every minute, and most of what was superseded is none (ended-certificate.ts).
CREATE INDEX "certificate_superseded_short" ON "certificate"("not_after") WHERE "state" = 'superseded' AND "not_after" - "not_before" <= interval '7 days';
