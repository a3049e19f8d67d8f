-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "reference" TEXT,
ADD COLUMN     "used_by" TEXT[] DEFAULT ARRAY[]::TEXT[];
