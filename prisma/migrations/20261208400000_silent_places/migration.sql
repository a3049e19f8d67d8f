-- Why places of a scope showed no certificate: nobody answered there, or the name led nowhere; what is left answered with none.
ALTER TABLE "discovery_scope" ADD COLUMN "silent" INTEGER NOT NULL DEFAULT 0,
                              ADD COLUMN "nowhere" INTEGER NOT NULL DEFAULT 0,
                              ADD COLUMN "looked_silent" INTEGER NOT NULL DEFAULT 0,
                              ADD COLUMN "looked_nowhere" INTEGER NOT NULL DEFAULT 0;
