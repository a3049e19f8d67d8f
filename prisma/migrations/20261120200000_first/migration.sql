-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "organisation_role" AS ENUM ('platform-admin', 'security-reviewer', 'auditor');

-- CreateEnum
CREATE TYPE "membership_role" AS ENUM ('member', 'maintainer');

-- CreateEnum
CREATE TYPE "view" AS ENUM ('public', 'internal', 'partner');

-- CreateEnum
CREATE TYPE "reservation_kind" AS ENUM ('exact', 'label', 'suffix');

-- CreateEnum
CREATE TYPE "endpoint_state" AS ENUM ('pending', 'live', 'degraded', 'retiring', 'retired');

-- CreateEnum
CREATE TYPE "request_kind" AS ENUM ('create', 'change', 'transfer', 'retire');

-- CreateEnum
CREATE TYPE "request_state" AS ENUM ('in-review', 'approved', 'applied', 'rejected', 'cancelled', 'stale', 'failed');

-- CreateEnum
CREATE TYPE "review_decision" AS ENUM ('approve', 'reject');

-- CreateEnum
CREATE TYPE "operation_kind" AS ENUM ('reconcile-endpoint', 'test-zone', 'sync-zone');

-- CreateEnum
CREATE TYPE "operation_state" AS ENUM ('pending', 'running', 'waiting', 'succeeded', 'failed', 'superseded');

-- CreateEnum
CREATE TYPE "observation_kind" AS ENUM ('dns', 'endpoint');

-- CreateEnum
CREATE TYPE "certificate_state" AS ENUM ('ordered', 'issued', 'served', 'superseded', 'revoked', 'failed');

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "account" TEXT,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "oidc_subject" TEXT,
    "roles" "organisation_role"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "team_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "role" "membership_role" NOT NULL DEFAULT 'member',

    CONSTRAINT "membership_pkey" PRIMARY KEY ("team_id","person_id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "owner_id" UUID NOT NULL,
    "scopes" TEXT[],
    "roles" "organisation_role"[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "service_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "token_team" (
    "token_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,

    CONSTRAINT "token_team_pkey" PRIMARY KEY ("token_id","team_id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "actor_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" BYTEA NOT NULL,
    "status" INTEGER,
    "response" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("actor_id","key")
);

-- CreateTable
CREATE TABLE "environment" (
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rank" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "environment_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "cluster" (
    "slug" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "public" BOOLEAN NOT NULL DEFAULT true,
    "certificate_limit" INTEGER,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("slug")
);

-- CreateTable
CREATE TABLE "zone" (
    "id" UUID NOT NULL,
    "apex" TEXT NOT NULL,
    "view" "view" NOT NULL,
    "provider" TEXT NOT NULL,
    "primary" JSONB NOT NULL,
    "tsig_key" JSONB,
    "secret_key_id" TEXT,
    "secret_ciphertext" BYTEA,
    "servers" JSONB NOT NULL,
    "ttl_min" INTEGER NOT NULL DEFAULT 30,
    "ttl_max" INTEGER NOT NULL DEFAULT 86400,
    "served_port" INTEGER NOT NULL DEFAULT 443,
    "allowed_ranges" TEXT[],
    "review_first_exposure" BOOLEAN NOT NULL DEFAULT false,
    "owner_team_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "serial" BIGINT,
    "synced_at" TIMESTAMPTZ(3),
    "sync_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "zone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "zone_record_set" (
    "zone_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "ttl" INTEGER NOT NULL,
    "values" TEXT[],
    "observed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "zone_record_set_pkey" PRIMARY KEY ("zone_id","name","type")
);

-- CreateTable
CREATE TABLE "grant" (
    "id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "suffix" TEXT NOT NULL,
    "environments" TEXT[],
    "views" "view"[],
    "wildcard" BOOLEAN NOT NULL DEFAULT false,
    "apex" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reservation" (
    "id" UUID NOT NULL,
    "kind" "reservation_kind" NOT NULL,
    "value" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint" (
    "id" UUID NOT NULL,
    "hostname" TEXT NOT NULL,
    "skeleton" TEXT NOT NULL,
    "view" "view" NOT NULL,
    "zone_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "environment" TEXT NOT NULL,
    "state" "endpoint_state" NOT NULL DEFAULT 'pending',
    "revision" INTEGER NOT NULL,
    "summary" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "live_since" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),
    "quarantine_ends" TIMESTAMPTZ(3),

    CONSTRAINT "endpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "endpoint_revision" (
    "endpoint_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "contract" JSONB NOT NULL,
    "record_sets" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "request_id" UUID NOT NULL,
    "approved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "endpoint_revision_pkey" PRIMARY KEY ("endpoint_id","number")
);

-- CreateTable
CREATE TABLE "request" (
    "id" UUID NOT NULL,
    "number" SERIAL NOT NULL,
    "kind" "request_kind" NOT NULL,
    "state" "request_state" NOT NULL,
    "hostname" TEXT NOT NULL,
    "view" "view" NOT NULL,
    "team_id" UUID NOT NULL,
    "zone_id" UUID NOT NULL,
    "endpoint_id" UUID,
    "contract" JSONB NOT NULL,
    "decision" JSONB NOT NULL,
    "plan" JSONB NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "review_groups" TEXT[],
    "requester_id" UUID NOT NULL,
    "requester_name" TEXT NOT NULL,
    "outcome" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "reviewer_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "group" TEXT NOT NULL,
    "decision" "review_decision" NOT NULL,
    "reason" TEXT NOT NULL,
    "plan_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "operation" (
    "id" UUID NOT NULL,
    "kind" "operation_kind" NOT NULL,
    "subject" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "state" "operation_state" NOT NULL DEFAULT 'pending',
    "step" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "moves_next" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_attempt_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "leased_until" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "error" JSONB,
    "trail" JSONB NOT NULL DEFAULT '[]',
    "result" JSONB,
    "endpoint_id" UUID,
    "request_id" UUID,
    "zone_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "job" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "observation" (
    "endpoint_id" UUID NOT NULL,
    "kind" "observation_kind" NOT NULL,
    "source" TEXT NOT NULL,
    "ok" BOOLEAN NOT NULL,
    "detail" JSONB NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "observation_pkey" PRIMARY KEY ("endpoint_id","kind","source")
);

-- CreateTable
CREATE TABLE "issuer" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "chain_pem" TEXT NOT NULL,
    "permitted_suffixes" TEXT[],
    "profile" JSONB NOT NULL,
    "key_id" TEXT,
    "key_ciphertext" BYTEA,
    "crl" BYTEA,
    "crl_number" INTEGER NOT NULL DEFAULT 0,
    "crl_next_update" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "issuer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "issuer_id" UUID NOT NULL,
    "state" "certificate_state" NOT NULL DEFAULT 'ordered',
    "names" TEXT[],
    "serial" TEXT NOT NULL,
    "key_algorithm" TEXT NOT NULL,
    "csr" BYTEA NOT NULL,
    "key_id" TEXT,
    "key_ciphertext" BYTEA,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "renew_after" TIMESTAMPTZ(3) NOT NULL,
    "chain_pem" TEXT,
    "fingerprint" TEXT,
    "issued_at" TIMESTAMPTZ(3),
    "served_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "revocation_reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_key" (
    "id" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "private_key_id" TEXT NOT NULL,
    "private_ciphertext" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "worker_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "previous" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "team_slug_key" ON "team"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "person_account_key" ON "person"("account");

-- CreateIndex
CREATE UNIQUE INDEX "person_email_key" ON "person"("email");

-- CreateIndex
CREATE UNIQUE INDEX "person_oidc_subject_key" ON "person"("oidc_subject");

-- CreateIndex
CREATE INDEX "membership_person_id_idx" ON "membership"("person_id");

-- CreateIndex
CREATE INDEX "session_person_id_idx" ON "session"("person_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_token_hash_key" ON "service_token"("hash");

-- CreateIndex
CREATE INDEX "service_token_owner_id_idx" ON "service_token"("owner_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "zone_apex_view_key" ON "zone"("apex", "view");

-- CreateIndex
CREATE INDEX "grant_suffix_idx" ON "grant"("suffix");

-- CreateIndex
CREATE INDEX "grant_team_id_idx" ON "grant"("team_id");

-- CreateIndex
CREATE UNIQUE INDEX "reservation_kind_value_key" ON "reservation"("kind", "value");

-- CreateIndex
CREATE INDEX "endpoint_team_id_hostname_idx" ON "endpoint"("team_id", "hostname");

-- CreateIndex
CREATE INDEX "endpoint_state_hostname_idx" ON "endpoint"("state", "hostname");

-- CreateIndex
CREATE INDEX "endpoint_skeleton_idx" ON "endpoint"("skeleton");

-- CreateIndex
CREATE INDEX "endpoint_changed_at_id_idx" ON "endpoint"("changed_at" DESC, "id");

-- CreateIndex
CREATE INDEX "endpoint_next_check_at_idx" ON "endpoint"("next_check_at");

-- CreateIndex
CREATE UNIQUE INDEX "endpoint_hostname_view_key" ON "endpoint"("hostname", "view");

-- CreateIndex
CREATE UNIQUE INDEX "request_number_key" ON "request"("number");

-- CreateIndex
CREATE INDEX "request_state_created_at_idx" ON "request"("state", "created_at");

-- CreateIndex
CREATE INDEX "request_hostname_idx" ON "request"("hostname");

-- CreateIndex
CREATE INDEX "request_team_id_created_at_idx" ON "request"("team_id", "created_at");

-- CreateIndex
CREATE INDEX "request_created_at_id_idx" ON "request"("created_at" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "review_request_id_group_key" ON "review"("request_id", "group");

-- CreateIndex
CREATE INDEX "operation_endpoint_id_created_at_idx" ON "operation"("endpoint_id", "created_at");

-- CreateIndex
CREATE INDEX "operation_request_id_idx" ON "operation"("request_id");

-- CreateIndex
CREATE INDEX "operation_subject_generation_idx" ON "operation"("subject", "generation");

-- CreateIndex
CREATE INDEX "outbox_created_at_idx" ON "outbox"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "issuer_slug_key" ON "issuer"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "certificate_serial_key" ON "certificate"("serial");

-- CreateIndex
CREATE INDEX "certificate_endpoint_id_created_at_idx" ON "certificate"("endpoint_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "certificate_state_not_after_idx" ON "certificate"("state", "not_after");

-- CreateIndex
CREATE INDEX "certificate_state_renew_after_idx" ON "certificate"("state", "renew_after");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_hash_key" ON "audit_event"("hash");

-- CreateIndex
CREATE INDEX "audit_event_subject_kind_subject_id_seq_idx" ON "audit_event"("subject_kind", "subject_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_actor_id_seq_idx" ON "audit_event"("actor_id", "seq" DESC);

-- CreateIndex
CREATE INDEX "audit_event_action_seq_idx" ON "audit_event"("action", "seq" DESC);

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_token" ADD CONSTRAINT "service_token_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "token_team" ADD CONSTRAINT "token_team_token_id_fkey" FOREIGN KEY ("token_id") REFERENCES "service_token"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "token_team" ADD CONSTRAINT "token_team_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "zone" ADD CONSTRAINT "zone_owner_team_id_fkey" FOREIGN KEY ("owner_team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "zone_record_set" ADD CONSTRAINT "zone_record_set_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "grant" ADD CONSTRAINT "grant_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint" ADD CONSTRAINT "endpoint_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_revision" ADD CONSTRAINT "endpoint_revision_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "endpoint_revision" ADD CONSTRAINT "endpoint_revision_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_zone_id_fkey" FOREIGN KEY ("zone_id") REFERENCES "zone"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "request" ADD CONSTRAINT "request_requester_id_fkey" FOREIGN KEY ("requester_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "request"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_reviewer_id_fkey" FOREIGN KEY ("reviewer_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation" ADD CONSTRAINT "operation_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "operation" ADD CONSTRAINT "operation_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "request"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observation" ADD CONSTRAINT "observation_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_endpoint_id_fkey" FOREIGN KEY ("endpoint_id") REFERENCES "endpoint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "certificate" ADD CONSTRAINT "certificate_issuer_id_fkey" FOREIGN KEY ("issuer_id") REFERENCES "issuer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;



-- What the schema language cannot say

-- At most one unfinished operation per subject.
CREATE UNIQUE INDEX "operation_one_unfinished" ON "operation"("subject") WHERE "state" IN ('pending', 'running', 'waiting');
-- What the sweep looks for.
CREATE INDEX "operation_unfinished_due" ON "operation"("next_attempt_at") WHERE "state" IN ('pending', 'running', 'waiting');
-- At most one open request per name and view.
CREATE UNIQUE INDEX "request_one_open" ON "request"("hostname", "view") WHERE "state" IN ('in-review', 'approved');

-- The audit trail is append-only, for its owner too.
CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END;
$$;
CREATE TRIGGER "audit_event_append_only" BEFORE UPDATE OR DELETE ON "audit_event" FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event" FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
