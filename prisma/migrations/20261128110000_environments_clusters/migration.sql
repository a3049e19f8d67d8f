-- Zones keep to environments; reservations are found by what reads like them; exceptions from the policy are recorded.

-- AlterTable
ALTER TABLE "zone" ADD COLUMN     "environments" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "reservation" ADD COLUMN     "skeleton" TEXT;

-- As `skeleton` of core folds plain ASCII. An A-label stays as it is: it is found by its value, as before.
UPDATE "reservation" SET "skeleton" = replace(replace(replace(replace("value", '0', 'o'), '1', 'l'), 'rn', 'm'), 'vv', 'w');
ALTER TABLE "reservation" ALTER COLUMN "skeleton" SET NOT NULL;

-- Accents no longer keep names from reading alike.
UPDATE "endpoint" SET "skeleton" = regexp_replace("skeleton", '[\u0300-\u036f]', '', 'g') WHERE "skeleton" ~ '[\u0300-\u036f]';

-- CreateTable
CREATE TABLE "policy_exception" (
    "id" UUID NOT NULL,
    "rule" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_exception_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reservation_skeleton_idx" ON "reservation"("skeleton");

-- CreateIndex
CREATE INDEX "policy_exception_hostname_idx" ON "policy_exception"("hostname");

-- The contracts that lead to a cluster: what its certificates are counted by, and what keeps it from being removed.
CREATE INDEX "endpoint_revision_cluster_idx" ON "endpoint_revision" (("contract" -> 'target' ->> 'cluster')) WHERE "contract" -> 'target' ? 'cluster';
