-- What an issuer refused for good to revoke stays valid until it expires; people are told so.
ALTER TABLE "certificate" ADD COLUMN "revocation_refused_at" TIMESTAMPTZ(3),
ADD COLUMN "revocation_refusal" TEXT;
