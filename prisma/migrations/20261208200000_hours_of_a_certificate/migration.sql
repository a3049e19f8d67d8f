-- A contract may ask for hours, too: an order says in them how long its certificate is to be valid.
ALTER TABLE "certificate_order" RENAME COLUMN "days" TO "hours";
UPDATE "certificate_order" SET "hours" = "hours" * 24 WHERE "hours" IS NOT NULL;
