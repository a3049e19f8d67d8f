import { PrismaPg } from '@prisma/adapter-pg';
import { ActingPool } from './acting.ts';
import {
  type Certificate,
  type CertificateOrder,
  type Endpoint,
  type Operation,
  type Prisma,
  PrismaClient,
  type Request,
} from './generated/prisma/client.ts';

/** Updates that cannot name the state: states move through `transition` alone (transition.ts). */
type Stateless = { readonly data: { readonly state?: never } };
type Governed<Delegate, One, Many, Row> = Omit<Delegate, 'update' | 'updateMany' | 'updateManyAndReturn' | 'upsert'> & {
  update(args: One & Stateless): Prisma.PrismaPromise<Row>;
  updateMany(args: Many & Stateless): Prisma.PrismaPromise<Prisma.BatchPayload>;
};
/**
 * Prisma asks for the rows of several `findUnique` of one tick together, as whoever asked first: where what is found depends
 * on who acts, it is not there to be called (row-security.ts).
 */
type OwnRows<Delegate> = Omit<Delegate, 'findUnique' | 'findUniqueOrThrow'>;
type GovernedDelegates = {
  password: OwnRows<Prisma.PasswordDelegate>;
  passwordLink: OwnRows<Prisma.PasswordLinkDelegate>;
  session: OwnRows<Prisma.SessionDelegate>;
  serviceToken: OwnRows<Prisma.ServiceTokenDelegate>;
  tokenTeam: OwnRows<Prisma.TokenTeamDelegate>;
  idempotencyKey: OwnRows<Prisma.IdempotencyKeyDelegate>;
  auditEvent: OwnRows<Prisma.AuditEventDelegate>;
  request: Governed<Prisma.RequestDelegate, Prisma.RequestUpdateArgs, Prisma.RequestUpdateManyArgs, Request>;
  endpoint: Governed<Prisma.EndpointDelegate, Prisma.EndpointUpdateArgs, Prisma.EndpointUpdateManyArgs, Endpoint>;
  certificate: Governed<Prisma.CertificateDelegate, Prisma.CertificateUpdateArgs, Prisma.CertificateUpdateManyArgs, Certificate>;
  certificateOrder: Governed<
    Prisma.CertificateOrderDelegate,
    Prisma.CertificateOrderUpdateArgs,
    Prisma.CertificateOrderUpdateManyArgs,
    CertificateOrder
  >;
  operation: Governed<Prisma.OperationDelegate, Prisma.OperationUpdateArgs, Prisma.OperationUpdateManyArgs, Operation>;
};

/** A client inside a transaction: what every writer takes. */
export type Tx = Omit<Prisma.TransactionClient, keyof GovernedDelegates> & GovernedDelegates;
export type Db = Omit<PrismaClient, keyof GovernedDelegates | '$transaction'> &
  GovernedDelegates & {
    $transaction<T>(work: (tx: Tx) => Promise<T>, options?: { maxWait?: number; timeout?: number }): Promise<T>;
  };
/** Either of both, for reads that do not care. */
export type Reader = Db | Tx;

/**
 * Opens a pool on Postgres. Connections are made on first use and given back when idle.
 * @param options.queryMilliseconds how long a statement may go unanswered, by a database that stands still; for ever where left out
 * @param options.acting its connections carry who acts (acting.ts), as the portal's role needs it
 * @param options.onQuery is told the text of every statement that is sent, without its values
 */
export function openDb(
  url: string,
  options: { connections?: number; acting?: boolean; queryMilliseconds?: number; onQuery?: (sql: string) => void } = {},
): Db {
  const pool = {
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    lock_timeout: lockMilliseconds,
    idle_in_transaction_session_timeout: idleMilliseconds,
    ...(options.queryMilliseconds === undefined ? {} : { query_timeout: options.queryMilliseconds }),
  };
  const adapter = new PrismaPg(options.acting ? new ActingPool(pool) : pool, {
    disposeExternalPool: true,
    statementNameGenerator: statementNames(),
  });
  const { onQuery } = options;
  if (onQuery === undefined) return new PrismaClient({ adapter });
  const client = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  client.$on('query', ({ query }) => onQuery(query));
  return client;
}

/** Whoever waits longer for a lock gives its connection back: one that holds it must not take everybody's. */
const lockMilliseconds = 4000;
/** A transaction whose client went silent ends; longer than any that works (transaction.ts). */
const idleMilliseconds = 20_000;

/** Of each connection: an installation knows some two hundred statements, and lists of many lengths that need no plan of their own. */
const keptStatements = 500;

/** Names for the statements that each connection prepares once, so that Postgres parses and plans them once. */
function statementNames(): ({ sql }: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= keptStatements) return ''; // parsed each time, as without a name
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}
