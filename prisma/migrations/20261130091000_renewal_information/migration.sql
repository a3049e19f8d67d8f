-- When its issuer was last asked when it wants a certificate renewed (RFC 9773): it may call for that earlier than it said.
ALTER TABLE "certificate" ADD COLUMN "renewal_asked_at" TIMESTAMPTZ(3);
