-- Where a zone is kept becomes the settings of its provider. Sealed secrets stay as they are and open as before.
ALTER TABLE "zone" ADD COLUMN "connection" JSONB;
UPDATE "zone" SET "connection" = jsonb_strip_nulls(jsonb_build_object('primary', "primary", 'tsig', "tsig_key"));
ALTER TABLE "zone" ALTER COLUMN "connection" SET NOT NULL,
  DROP COLUMN "primary",
  DROP COLUMN "tsig_key";

-- What one plan may touch at most.
ALTER TABLE "zone" ADD COLUMN "safe_delete_percent" INTEGER NOT NULL DEFAULT 10,
  ADD COLUMN "safe_delete_records" INTEGER NOT NULL DEFAULT 20,
  ADD COLUMN "safe_update_percent" INTEGER NOT NULL DEFAULT 30,
  ADD COLUMN "safe_update_records" INTEGER NOT NULL DEFAULT 20;
