-- Sweeps are shared out between the workers: whoever takes one has it until it is done, or for as long as a lease lasts.
CREATE TABLE "sweep" (
    "name" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "swept_at" TIMESTAMPTZ(3),

    CONSTRAINT "sweep_pkey" PRIMARY KEY ("name")
);

-- The end of the audit chain, for whoever appends: waits until nobody else does, and then looks. A statement of a volatile
-- function sees what was committed before it, so the look is never older than the wait.
CREATE FUNCTION audit_head(OUT seq BIGINT, OUT hash BYTEA) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(4072001);
  SELECT e.seq, e.hash INTO seq, hash FROM audit_event e ORDER BY e.seq DESC LIMIT 1;
END $$;
