-- From which session and which address somebody acted; of events from before, nobody knows it, and their hashes stay as they are.
ALTER TABLE "audit_event" ADD COLUMN "session_id" TEXT, ADD COLUMN "address" TEXT;
