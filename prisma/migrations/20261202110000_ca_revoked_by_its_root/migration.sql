-- A CA that signs here may be revoked by a root whose key is elsewhere: from then on it signs nothing, whoever resumes it.
ALTER TABLE "issuer" ADD COLUMN "revoked_at" TIMESTAMPTZ(3);
