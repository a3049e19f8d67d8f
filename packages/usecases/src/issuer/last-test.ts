import { connectionTests } from '../connection/last-test.ts';

export const { testOf, testedId: issuerOf, lastTests } = connectionTests('issuer-test:');
