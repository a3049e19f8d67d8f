-- Reservations are found by value, whatever their kind.
DROP INDEX "reservation_kind_value_key";
CREATE UNIQUE INDEX "reservation_value_kind_key" ON "reservation"("value", "kind");
