-- Somebody has seen that a request of theirs came to nothing, and is shown it on their first page no more.
CREATE TABLE "dismissal" (
    "person_id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dismissal_pkey" PRIMARY KEY ("person_id","request_id")
);

CREATE INDEX "dismissal_request_id_idx" ON "dismissal"("request_id");

ALTER TABLE "dismissal" ADD CONSTRAINT "dismissal_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "dismissal" ADD CONSTRAINT "dismissal_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "request"("id") ON DELETE CASCADE ON UPDATE CASCADE;
