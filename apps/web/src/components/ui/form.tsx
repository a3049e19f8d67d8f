'use client';
import type { ComponentProps } from 'react';
import { useAlive } from '@/lib/use-alive';

/**
 * A form that the portal itself sends. Until the page has come to life nothing can be typed into it: it would be lost when the
 * fields are filled with what they start with. Should it be sent then all the same, what it holds does not go into the address.
 */
export const Form = (props: ComponentProps<'form'>) => <form method="post" noValidate inert={!useAlive()} {...props} />;
