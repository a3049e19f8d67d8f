// What must be possible before anybody can sign in, and for whoever holds the database alone: people, roles, members.
// Run by whoever holds the database's credentials: `npm run admin -- person --email … --name … --role platform-admin`.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { systemClock } from '@hostmaster/core/clock';
import { organisationRole } from '@hostmaster/core/contract/account';
import { teamInput } from '@hostmaster/core/contract/governance';
import { accountName, email as emailAddress } from '@hostmaster/core/contract/person';
import { errorTable } from '@hostmaster/core/error-table';
import { asHostmasterError, HostmasterError } from '@hostmaster/core/errors';
import { membershipRoles } from '@hostmaster/core/policy/roles';
import { prepareAccess } from '@hostmaster/db/access';
import { openDb } from '@hostmaster/db/client';
import { asDatabaseError } from '@hostmaster/db/transaction';
import { systemActor } from '@hostmaster/usecases/actor';
import type { Ctx } from '@hostmaster/usecases/context';
import { rewrapKeys } from '@hostmaster/usecases/installation/rewrap-keys';
import { createPerson } from '@hostmaster/usecases/person/create';
import { setRoles } from '@hostmaster/usecases/person/set-roles';
import { createTeam } from '@hostmaster/usecases/team/create';
import { setMember } from '@hostmaster/usecases/team/set-member';
import { z } from 'zod';
import { destinationKinds, dnsProviderKinds, issuerKinds } from './container.ts';
import { readDatabaseUrl, readKeyEncryptionKeys, readRolePasswords } from './env.ts';
import { openKeyStore } from './keys.ts';

const usage = `Usage: npm run admin -- COMMAND

  person --email E --name N [--account A] [--role R]…   add somebody; prints a password once
  roles  --email E --role R…                            say what somebody may do in the organisation
  team   --team T --name N                              make a team
  member --team T --email E [--role member|maintainer]  put somebody into a team
  leave  --team T --email E                             take somebody out of a team
  access                                                give the portal and the worker their roles in the database, with
                                                        WEB_DATABASE_PASSWORD and WORKER_DATABASE_PASSWORD; DATABASE_URL is
                                                        a superuser's. Again after every migration
  rewrap                                                wrap every key under HOSTMASTER_KEK that is still under one of
                                                        HOSTMASTER_RETIRED_KEKS, and say whether one is left

Roles: ${organisationRole.options.join(', ')}. DATABASE_URL names the database.
`;

const badUsage = errorTable['invalid-input'].exit;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const roles = z.array(organisationRole);
/** To say nothing is not to say none. */
const someRoles = z.union([roles.min(1), z.tuple([z.literal('none')])], {
  error: `is one or more of ${organisationRole.options.join(', ')}, or none, which takes every role away`,
});
const email = z.string({ error: 'is missing' }).pipe(emailAddress);
const text = z.string({ error: 'is missing' }).trim().min(1);

const commands: Readonly<Record<string, (ctx: Ctx, flags: Readonly<Record<string, unknown>>) => Promise<void>>> = {
  person: async (ctx, flags) => {
    const input = z.object({ email, name: text, account: accountName.optional(), role: roles.default([]) }).parse(flags);
    const password = randomBytes(12).toString('base64url');
    await createPerson(ctx, { account: input.account ?? null, email: input.email, name: input.name, password, roles: input.role });
    say(`${input.email} may sign in with the password ${password}`);
  },
  roles: async (ctx, flags) => {
    const { email: whose, role } = z.object({ email, role: someRoles }).parse(flags);
    const held = role.filter((each) => each !== 'none');
    await setRoles(ctx, { email: whose, roles: held });
    say(`${whose}: ${held.join(', ') || 'no role'}`);
  },
  team: async (ctx, flags) => {
    const input = z.object({ team: teamInput.shape.slug, name: teamInput.shape.name }).parse(flags);
    await createTeam(ctx, { slug: input.team, name: input.name });
    say(`There is a team ${input.team} now.`);
  },
  member: async (ctx, flags) => {
    const input = z.object({ team: text, email, role: z.tuple([z.enum(membershipRoles)]).default(['member']) }).parse(flags);
    await setMember(ctx, { team: input.team, email: input.email, role: input.role[0] });
    say(`${input.email} is ${input.role[0]} of ${input.team}.`);
  },
  access: async () => {
    await prepareAccess(readDatabaseUrl(process.env), readRolePasswords(process.env));
    say('The portal and the worker have their roles.');
  },
  rewrap: async ({ actor, db, clock }) => {
    const keys = readKeyEncryptionKeys(process.env);
    const { rewrapped, left } = await rewrapKeys({ actor, db, clock }, await openKeyStore(db, keys));
    const done = `${rewrapped} ${rewrapped === 1 ? 'key was' : 'keys were'} wrapped under HOSTMASTER_KEK.`;
    if (left > 0)
      throw new HostmasterError(
        'key-unreadable',
        `${done} ${left} cannot be opened: give the key-encryption key that they are under in HOSTMASTER_RETIRED_KEKS, and run this again.`,
      );
    say(`${done} None is left under another: take HOSTMASTER_RETIRED_KEKS away from every worker.`);
  },
  leave: async (ctx, flags) => {
    const input = z.object({ team: text, email }).parse(flags);
    await setMember(ctx, { ...input, role: null });
    say(`${input.email} is out of ${input.team}.`);
  },
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      email: { type: 'string' },
      name: { type: 'string' },
      account: { type: 'string' },
      team: { type: 'string' },
      role: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  const command = commands[positionals[0] ?? ''];
  if (command === undefined || values.help === true) {
    say(usage);
    return values.help === true ? 0 : badUsage;
  }
  const db = openDb(readDatabaseUrl(process.env), { connections: 1 });
  try {
    await command(
      {
        actor: systemActor,
        db,
        clock: systemClock,
        dnsProviders: dnsProviderKinds,
        issuerKinds,
        destinationKinds,
        installation: { publicUrl: '' },
      },
      values,
    );
    return 0;
  } finally {
    await db.$disconnect();
  }
}

/** What `parseArgs` says of a flag that it does not know. */
const isFlagError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');

process.exitCode = await main().catch((error: unknown) => {
  const message =
    error instanceof z.ZodError
      ? error.issues.map(({ path, message }) => `--${path.join('.')} ${message}`).join('\n')
      : error instanceof Error
        ? error.message
        : String(error);
  process.stderr.write(`${message}\n`);
  return error instanceof z.ZodError || isFlagError(error) ? badUsage : asHostmasterError(asDatabaseError(error)).kind.exit;
});
