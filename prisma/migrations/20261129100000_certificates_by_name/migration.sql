-- Whoever asks for a name is told whose certificates cover it.
CREATE INDEX "certificate_names_idx" ON "certificate" USING GIN ("names");
