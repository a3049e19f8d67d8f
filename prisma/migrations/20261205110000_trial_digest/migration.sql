-- By what a connection that was tried is known again when it is to be kept; nobody reads what was typed out of it.
ALTER TABLE "connection_trial" ADD COLUMN "digest" TEXT;
