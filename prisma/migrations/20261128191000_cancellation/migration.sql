-- A request can be cancelled while it is on its way: what it had begun is given back.
ALTER TYPE "operation_purpose" ADD VALUE 'cancellation' AFTER 'reversal';
