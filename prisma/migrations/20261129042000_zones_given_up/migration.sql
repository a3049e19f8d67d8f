-- A zone that is gone from its servers for good could never be let go: its names waited for servers that no longer answer.
ALTER TABLE "zone" ADD COLUMN "given_up_at" TIMESTAMPTZ(3);
