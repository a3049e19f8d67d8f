-- A group that nobody could be of was taken for the platform's when it was read; now it cannot be stored.
UPDATE "reservation" SET "group" = 'platform-admin'
 WHERE "group" NOT IN ('security-reviewer', 'platform-admin') AND "group" !~ '^team:[a-z0-9]([a-z0-9-]*[a-z0-9])?$';
ALTER TABLE "reservation" ADD CONSTRAINT "reservation_group_word"
  CHECK ("group" IN ('security-reviewer', 'platform-admin') OR "group" ~ '^team:[a-z0-9]([a-z0-9-]*[a-z0-9])?$');
