import { expect, it } from 'vitest';
import { type Answerer, type Answering, answersFor } from './answerer.ts';

const ada: Answerer = { kind: 'person', id: 'ada', teamIds: ['orders', 'edge'] };
const orders: Answerer = { kind: 'team', id: 'orders' };

it.each<[string, Answerer | null, Answering, boolean]>([
  ['a person for themselves', ada, { kind: 'person', id: 'ada' }, true],
  ['a person for each of their teams', ada, { kind: 'team', id: 'edge' }, true],
  ['a person not for another team', ada, { kind: 'team', id: 'billing' }, false],
  ['a person not for another, of whatever id', ada, { kind: 'person', id: 'orders' }, false],
  ['a person not for a team that is called as they are', ada, { kind: 'team', id: 'ada' }, false],
  ['a team for itself', orders, { kind: 'team', id: 'orders' }, true],
  ['a team not for another', orders, { kind: 'team', id: 'edge' }, false],
  ['a team not for its people', orders, { kind: 'person', id: 'ada' }, false],
  ['nobody for anybody', null, { kind: 'person', id: 'ada' }, false],
])('who answers for what: %s', (_, who, asked, answers) => {
  expect(answersFor(who, asked)).toBe(answers);
});
