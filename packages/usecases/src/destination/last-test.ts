import { connectionTests } from '../connection/last-test.ts';

export const { testOf, testedId: destinationOf, lastTests } = connectionTests('destination-test:');
