-- A request is superseded, and said to be by which, in one statement, before the newer one is there: what is over is written no more.
ALTER TABLE "request" ALTER CONSTRAINT "request_superseded_by_id_fkey" DEFERRABLE INITIALLY DEFERRED;
