import { expect, it } from 'vitest';
import { ownPlace } from './own-remedy';

it.each([
  ['Choose a name below a suffix of your own, or ask a platform admin for a grant, with the consent of team payments.', '/grants'],
  ['Ask a platform admin to renew the grant.', '/grants'],
  ['Check its name, or ask a platform admin to add the cluster.', '/clusters'],
  ['The first one is made when a zone is read: ask a platform admin to look at the zone.', '/zones'],
  ['Give a public address, or ask a platform admin to allow the range in the zone.', '/zones'],
  ['A platform admin may allow the range in the settings of the zone.', '/zones'],
  ['Have a platform admin do it.', null],
  ['Correct it, or ask a platform admin to invite them under People.', '/people'],
])('a platform admin who reads “%s” is led to %s', (remedy, href) => expect(ownPlace(remedy)?.href).toBe(href));

it('a remedy that sends nobody to a platform admin is left as it is', () => {
  expect(ownPlace('Choose a name below it.')).toBeNull();
});
