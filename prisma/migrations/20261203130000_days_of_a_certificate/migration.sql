-- A contract may say for how many days its certificate shall be valid; an order for another lifetime is another order.
ALTER TABLE "certificate_order" ADD COLUMN "days" INTEGER;
