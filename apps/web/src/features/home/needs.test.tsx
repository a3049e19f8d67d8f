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
