import { rcodes, typeCodes } from '@hostmaster/core/dns/wire/codes';
import { type ReceivedMessage, responseTo } from '@hostmaster/core/dns/wire/message';
import { parseRdata } from '@hostmaster/core/dns/wire/rdata';
import { toRecords } from '@hostmaster/core/dns/wire/record';
import { afterEach, describe, expect, it } from 'vitest';
import { type LoopbackNameServer, startLoopbackNameServer } from '../dns/testing/loopback-name-server.ts';
import { askServers } from './dns.ts';

const name = 'www.example.test';
const soa = (serial: number) => toRecords({ name: 'example.test', type: 'SOA', ttl: 60, values: [`ns1.test h.test ${serial} 1 1 1 1`] });
const addresses = (...values: string[]) => toRecords({ name, type: 'A', ttl: 300, values });
const isSoa = (asked: ReceivedMessage) => asked.questions[0]?.type === typeCodes.SOA;

const started: LoopbackNameServer[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
});
async function serve(label: string, answer: Parameters<typeof startLoopbackNameServer>[0]) {
  const server = await startLoopbackNameServer(answer);
  started.push(server);
  return { name: label, address: server.address, port: server.port, tsig: null };
}
const ask = (servers: Awaited<ReturnType<typeof serve>>[], type = 'A') => askServers(servers, name, type, AbortSignal.timeout(10_000));

describe('asking every authoritative server', () => {
  it('reports values sorted, TTL, authority and the serial of each', async () => {
    const good = await serve('new', (asked) => [
      responseTo(asked, {
        authoritative: true,
        ...(isSoa(asked) ? { authorities: soa(8) } : { answers: addresses('192.0.2.9', '192.0.2.10') }),
      }),
    ]);
    const old = await serve('old', (asked) => [
      responseTo(asked, { authoritative: true, ...(isSoa(asked) ? { authorities: soa(7) } : { answers: addresses('192.0.2.1') }) }),
    ]);
    expect(await ask([good, old])).toMatchObject([
      { server: 'new', rcode: 'NOERROR', authoritative: true, values: ['192.0.2.10', '192.0.2.9'], ttl: 300, serial: 8, error: null },
      { server: 'old', values: ['192.0.2.1'], serial: 7, error: null },
    ]);
  });

  it('an absent name, an absent type, a refusal and a failure are told apart', async () => {
    const absent = await serve('nxdomain', (asked) => [
      responseTo(asked, { rcode: rcodes.NXDOMAIN, authoritative: true, authorities: soa(3) }),
    ]);
    const empty = await serve('nodata', (asked) => [responseTo(asked, { authoritative: true, authorities: soa(4) })]);
    const lame = await serve('refused', (asked) => [responseTo(asked, { rcode: rcodes.REFUSED })]);
    const broken = await serve('servfail', (asked) => [responseTo(asked, { rcode: rcodes.SERVFAIL })]);
    expect(await ask([absent, empty, lame, broken])).toMatchObject([
      { rcode: 'NXDOMAIN', values: [], serial: 3, ttl: null, error: null },
      { rcode: 'NOERROR', values: [], serial: 4, ttl: null, error: null },
      { rcode: 'REFUSED', values: [], serial: null, authoritative: false, error: null },
      { rcode: 'SERVFAIL', values: [], serial: null, error: null },
    ]);
  });

  it('two TTLs within one set are both reported', async () => {
    const [low, high] = [addresses('192.0.2.1'), addresses('192.0.2.2').map((record) => ({ ...record, ttl: 600 }))];
    const mixed = await serve('mixed', (asked) => [
      responseTo(asked, { authoritative: true, answers: isSoa(asked) ? [] : [...high, ...low] }),
    ]);
    expect(await ask([mixed])).toMatchObject([{ ttl: 300, otherTtl: 600 }]);
  });

  it('a CNAME is no value of another type', async () => {
    const cname = toRecords({ name, type: 'CNAME', ttl: 60, values: ['other.test'] });
    const other = toRecords({ name: 'other.test', type: 'A', ttl: 60, values: ['192.0.2.1'] });
    const server = await serve('cname', (asked) => [responseTo(asked, { authoritative: true, answers: [...cname, ...other] })]);
    expect(await ask([server])).toMatchObject([{ values: [] }]);
    expect(await ask([server], 'CNAME')).toMatchObject([{ values: ['other.test'] }]);
  });

  it('what answers in place of the name is told, with where it leads', async () => {
    const ns = (owner: string, values: string[]) => toRecords({ name: owner, type: 'NS', ttl: 60, values });
    const dname = { name: 'example.test', type: typeCodes.DNAME, class: 1, ttl: 60, data: parseRdata(typeCodes.CNAME, 'other.test') };
    const made = toRecords({ name, type: 'CNAME', ttl: 60, values: ['www.other.test'] });
    const refers = await serve('refers', (asked) => [responseTo(asked, { authorities: ns('example.test', ['b.test', 'a.test']) })]);
    const moved = await serve('moved', (asked) => [
      responseTo(asked, {
        authoritative: true,
        rcode: rcodes.NXDOMAIN,
        answers: [dname, ...made],
        authorities: ns('other.test', ['a.test']),
      }),
    ]);
    const own = await serve('own', (asked) => [
      responseTo(asked, { authoritative: true, answers: addresses('192.0.2.1'), authorities: ns('example.test', ['a.test']) }),
    ]);
    const aside = await serve('aside', (asked) => [responseTo(asked, { authorities: ns('elsewhere.test', ['a.test']) })]);
    const alias = toRecords({ name, type: 'CNAME', ttl: 60, values: ['www.moved.test'] });
    const onward = await serve('onward', (asked) => [
      responseTo(asked, { authoritative: true, answers: [...alias, { ...dname, name: 'moved.test' }, ...made] }),
    ]);
    expect(await ask([refers, moved, own, aside, onward])).toMatchObject([
      { authoritative: false, values: [], cut: { type: 'NS', name: 'example.test', leadsTo: ['a.test', 'b.test'] } },
      { authoritative: true, values: [], cut: { type: 'DNAME', name: 'example.test', leadsTo: ['other.test'] } },
      { values: ['192.0.2.1'], cut: null },
      { cut: null },
      { cut: null },
    ]);
  });

  it('of many name servers some are told', async () => {
    const values = Array.from({ length: 20 }, (_, at) => `ns${at + 10}.test`);
    const many = await serve('many', (asked) => [
      responseTo(asked, { authorities: toRecords({ name: 'example.test', type: 'NS', ttl: 60, values }) }),
    ]);
    expect((await ask([many]))[0]?.cut?.leadsTo).toEqual(values.slice(0, 8));
  });

  it('the serial of an alias is that of its own zone, not of the target', async () => {
    const cname = toRecords({ name, type: 'CNAME', ttl: 60, values: ['other.test'] });
    const foreign = toRecords({ name: 'other.test', type: 'SOA', ttl: 60, values: ['ns1.test h.test 99 1 1 1 1'] });
    const server = await serve('cname', (asked) => {
      const parts = asked.questions[0]?.name === name ? { answers: cname, authorities: foreign } : { answers: soa(5) };
      return [responseTo(asked, { authoritative: true, ...parts })];
    });
    expect(await ask([server])).toMatchObject([{ serial: 5 }]);
  });

  it('tells the zone that it answers from, for an alias that of the name above it, and none where no answer says', async () => {
    const soaAt = (owner: string) => toRecords({ name: owner, type: 'SOA', ttl: 60, values: ['ns1.test h.test 5 1 1 1 1'] });
    const aliases = [name, 'example.test'].flatMap((owner) => toRecords({ name: owner, type: 'CNAME', ttl: 60, values: ['test'] }));
    const own = await serve('own', (asked) => [
      responseTo(asked, { authoritative: true, ...(isSoa(asked) ? { answers: soaAt(name) } : { answers: addresses('192.0.2.1') }) }),
    ]);
    const absent = await serve('absent', (asked) => [
      responseTo(asked, { authoritative: true, rcode: rcodes.NXDOMAIN, authorities: soaAt('example.test') }),
    ]);
    const alias = await serve('alias', (asked) => [
      responseTo(asked, {
        authoritative: true,
        answers: [...aliases.filter((record) => record.name === asked.questions[0]?.name), ...soaAt('test')],
      }),
    ]);
    const aside = await serve('aside', (asked) => [responseTo(asked, { authoritative: true, authorities: soaAt('elsewhere.test') })]);
    expect(await ask([own, absent, alias, aside])).toMatchObject([
      { values: ['192.0.2.1'], zone: name, serial: 5 },
      { zone: 'example.test' },
      { zone: 'test', serial: 5 },
      { zone: null, serial: null },
    ]);
  });

  it('one that is silent or gone is an observation, and does not hold up the others', async () => {
    const good = await serve('good', (asked) => [responseTo(asked, { authoritative: true, answers: addresses('192.0.2.1') })]);
    const silent = await serve('silent', () => []);
    const gone = await serve('gone', () => []);
    await started.pop()?.stop();
    expect(await ask([good, silent, gone])).toMatchObject([
      { server: 'good', values: ['192.0.2.1'], error: null },
      { server: 'silent', rcode: null, values: [], error: expect.stringContaining('did not answer') },
      { server: 'gone', rcode: null, values: [], error: expect.stringContaining('cannot be reached') },
    ]);
  });

  it('a lost datagram is asked again', async () => {
    const lost = new Set<number | undefined>();
    const server = await serve('lossy', (asked) => {
      const type = asked.questions[0]?.type;
      if (!lost.has(type)) {
        lost.add(type);
        return [];
      }
      return [responseTo(asked, { authoritative: true, answers: isSoa(asked) ? [] : addresses('192.0.2.1') })];
    });
    expect(await ask([server])).toMatchObject([{ values: ['192.0.2.1'], error: null }]);
  });

  it('an aborted call raises the reason; a type nobody knows is invalid-input', async () => {
    const reason = new Error('enough');
    const server = await serve('any', () => []);
    await expect(askServers([server], name, 'A', AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(askServers([server], name, 'NOPE', AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
