-- Words with a hyphen cannot be spelt by the schema language's enums: they are text that a check holds to the list in core.

-- Of this index the condition names the enum; the others follow the column by themselves.
DROP INDEX "request_one_open";
ALTER TABLE "request" ALTER COLUMN "state" TYPE TEXT USING "state"::text;
ALTER TABLE "request" ADD CONSTRAINT "request_state_word"
  CHECK ("state" IN ('in-review', 'approved', 'applied', 'rejected', 'cancelled', 'stale', 'failed'));
CREATE UNIQUE INDEX "request_one_open" ON "request"("hostname", "view") WHERE "state" IN ('in-review', 'approved');
DROP TYPE "request_state";

ALTER TABLE "person" ALTER COLUMN "roles" TYPE TEXT[] USING "roles"::text[];
ALTER TABLE "person" ADD CONSTRAINT "person_roles_word"
  CHECK ("roles" <@ ARRAY['platform-admin', 'security-reviewer', 'auditor']);
ALTER TABLE "service_token" ALTER COLUMN "roles" TYPE TEXT[] USING "roles"::text[];
ALTER TABLE "service_token" ADD CONSTRAINT "service_token_roles_word"
  CHECK ("roles" <@ ARRAY['platform-admin', 'security-reviewer', 'auditor']);
DROP TYPE "organisation_role";
