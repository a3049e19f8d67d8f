-- A password leaves the person for a table of its own, so that no reading of people holds a hash; a link sets one, once.
CREATE TABLE "password" (
    "person_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "password_pkey" PRIMARY KEY ("person_id")
);
ALTER TABLE "password" ADD CONSTRAINT "password_person_id_fkey"
  FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- When it was last changed was not kept: no later than the person was made.
INSERT INTO "password" ("person_id", "hash", "changed_at")
  SELECT "id", "password_hash", "created_at" FROM "person" WHERE "password_hash" IS NOT NULL;
ALTER TABLE "person" DROP COLUMN "password_hash";

CREATE TYPE "password_link_purpose" AS ENUM ('invitation', 'reset');
CREATE TABLE "password_link" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "purpose" "password_link_purpose" NOT NULL,
    "created_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_link_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "password_link_hash_key" ON "password_link"("hash");
CREATE INDEX "password_link_person_id_idx" ON "password_link"("person_id");
ALTER TABLE "password_link" ADD CONSTRAINT "password_link_person_id_fkey"
  FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TYPE "sign_in_method" AS ENUM ('password', 'oidc');
ALTER TABLE "session" ADD COLUMN "method" "sign_in_method";
ALTER TABLE "session" ADD COLUMN "browser" TEXT;
ALTER TABLE "session" ADD CONSTRAINT "session_browser_short" CHECK (length("browser") <= 60);

-- Sessions are forgotten a month after their end, the last sign-in is not.
ALTER TABLE "person" ADD COLUMN "last_sign_in_at" TIMESTAMPTZ(3);
UPDATE "person" SET "last_sign_in_at" = (SELECT max("created_at") FROM "session" WHERE "person_id" = "person"."id");
CREATE INDEX "person_name_id_idx" ON "person"("name", "id");

-- Whether somebody has a password is no secret from those who manage people, the hash is one from everybody.
CREATE FUNCTION has_password(person UUID) RETURNS BOOLEAN LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM password w WHERE w.person_id = person)
$$;
