import type { OrderState } from '@hostmaster/core/pki/order-state';
import type { MarkState } from '@/components/ui/mark';

export const orderWords: Readonly<Record<OrderState, { readonly mark: MarkState; readonly words: string }>> = {
  open: { mark: 'wait', words: 'not issued yet' },
  issued: { mark: 'ok', words: 'issued' },
  refused: { mark: 'bad', words: 'refused' },
  abandoned: { mark: 'none', words: 'given up' },
};

/** Of an order, an authorization or a challenge (RFC 8555 §7.1.6); what nobody here knows is waited for. */
const marks: Readonly<Record<string, MarkState>> = {
  valid: 'ok',
  invalid: 'bad',
  deactivated: 'bad',
  expired: 'bad',
  revoked: 'bad',
};
export const markOfStatus = (status: string): MarkState => marks[status] ?? 'wait';
