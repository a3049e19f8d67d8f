-- A connection is tested before a zone is kept there: what was typed waits here, sealed, until its test has ended.
CREATE TABLE "connection_trial" (
    "id" UUID NOT NULL,
    "operation_id" UUID NOT NULL,
    "apex" TEXT NOT NULL,
    "view" "view" NOT NULL,
    "provider" TEXT NOT NULL,
    "connection" JSONB NOT NULL,
    "secret_key_id" TEXT,
    "secret_ciphertext" BYTEA,
    "servers" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_trial_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "connection_trial_operation_id_key" ON "connection_trial"("operation_id");
CREATE INDEX "connection_trial_created_at_idx" ON "connection_trial"("created_at");

ALTER TABLE "connection_trial" ADD CONSTRAINT "connection_trial_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
