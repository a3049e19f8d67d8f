-- Why no CA may sign for a zone is known to whoever waits for one.
ALTER TABLE "zone" ADD COLUMN "signing_error_code" TEXT,
ADD COLUMN "signing_error" TEXT;
