'use client';
import { type ComponentProps, useEffect, useRef } from 'react';
import { useAlive } from '@/lib/use-alive';

type Props = Omit<ComponentProps<'form'>, 'ref'> & {
  /** While it is sent. Where it comes back, the first field on the page that says what is wrong is where to go on. */
  sending: boolean;
};

/**
 * A form that the portal itself sends. Until the page has come to life nothing can be typed into it: it would be lost when the
 * fields are filled with what they start with. Should it be sent then all the same, what it holds does not go into the address.
 */
export function Form({ sending, ...props }: Props) {
  const element = useRef<HTMLFormElement>(null);
  const sent = useRef(false);
  useEffect(() => {
    if (!sending && sent.current) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    sent.current = sending;
  }, [sending]);
  return <form ref={element} method="post" noValidate inert={!useAlive()} {...props} />;
}
