-- A revision without records was a retirement; one with a certificate alone has none either.
ALTER TABLE "endpoint_revision" ADD COLUMN "retires" BOOLEAN NOT NULL DEFAULT false;
UPDATE "endpoint_revision" SET "retires" = true WHERE "record_sets" = '[]';

-- Of the revision in force, so that lists need not look into contracts.
ALTER TABLE "endpoint" ADD COLUMN "certificate_only" BOOLEAN NOT NULL DEFAULT false;
