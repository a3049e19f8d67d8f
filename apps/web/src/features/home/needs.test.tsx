import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Needs } from './needs';

const read = (kind: Parameters<typeof Needs>[0]['needs'][number]['kind']) =>
  renderToStaticMarkup(<Needs needs={[{ kind, id: 'x', title: 'a.example.test', text: 'It is broken.', since: null }]} />);

it('says of a need what can be done where its row leads: a zone is mended on its page, an endpoint perhaps elsewhere', () => {
  expect(read('zone')).toMatch(/href="\/zones\/x".*Mend/s);
  expect(read('endpoint')).toMatch(/href="\/endpoints\/x".*Look/s);
  expect(read('endpoint')).not.toContain('Mend');
});

it('leads from names that one cause holds up to the list of all of them, and says how many there are', () => {
  const need = {
    kind: 'endpoint' as const,
    id: 'x',
    title: 'a.test, b.test, c.test and 47 more',
    text: 'ns1 is dead.',
    since: null,
    names: 50,
  };
  const shown = renderToStaticMarkup(<Needs needs={[need]} />);
  expect(shown).toMatch(/href="\/endpoints\?like=x".*50 names, one cause/s);
});
