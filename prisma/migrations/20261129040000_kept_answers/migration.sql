-- A kept answer is given again to those alone who still hold what they held then. Of answers that are there, nobody knows that.
ALTER TABLE "idempotency_key" ADD COLUMN "rights" TEXT[] DEFAULT ARRAY[]::TEXT[];
