-- For how many hours at most an issuer that others run signs, as a worker last saw.
ALTER TABLE "issuer" ADD COLUMN "longest_hours" INTEGER;
