-- A request was asked for by a person, or by a token of theirs. Programs that belong to a team ask too: a request says who
-- asked, and who answers for it.
CREATE TYPE "asker_kind" AS ENUM ('person', 'service');

ALTER TABLE "request" RENAME COLUMN "requester_name" TO "asker_name";
ALTER TABLE "request" RENAME COLUMN "requester_id" TO "answering_person_id";
ALTER TABLE "request" RENAME CONSTRAINT "request_requester_id_fkey" TO "request_answering_person_id_fkey";
ALTER TABLE "request" ALTER COLUMN "answering_person_id" DROP NOT NULL,
                      ADD COLUMN "answering_team_id" UUID,
                      ADD COLUMN "asker_kind" "asker_kind",
                      ADD COLUMN "asker_id" TEXT;

-- Which of them asked by a token, only the audit trail knows.
UPDATE "request" SET "asker_kind" = 'person', "asker_id" = "answering_person_id"::text;
UPDATE "request" r SET "asker_kind" = 'service', "asker_id" = e."actor_id"
  FROM "audit_event" e
 WHERE e."subject_kind" = 'request' AND e."subject_id" = r."id"::text AND e."action" = 'request.create' AND e."actor_kind" = 'service';

ALTER TABLE "request" ALTER COLUMN "asker_kind" SET NOT NULL,
                      ALTER COLUMN "asker_id" SET NOT NULL;
ALTER TABLE "request" ADD CONSTRAINT "request_answering_team_id_fkey"
  FOREIGN KEY ("answering_team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "request" ADD CONSTRAINT "request_one_answers" CHECK (("answering_person_id" IS NULL) <> ("answering_team_id" IS NULL));
