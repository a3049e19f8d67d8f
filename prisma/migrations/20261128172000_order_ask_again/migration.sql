-- An issuer says when it wants to be asked on about an order; nobody asks before.
ALTER TABLE "certificate_order" ADD COLUMN "pending_message" TEXT,
ADD COLUMN "pending_moves_next" TEXT,
ADD COLUMN "ask_again_at" TIMESTAMPTZ(3);
