-- Who hurries work that a worker is at has it run once more: what they wish may have come after that worker looked.
ALTER TABLE "operation" ADD COLUMN "hurried" BOOLEAN NOT NULL DEFAULT false;
