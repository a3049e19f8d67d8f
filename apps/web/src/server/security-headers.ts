/** @param nonce of this answer's scripts; null where the answer is data and may run nothing at all. */
export function securityHeaders(options: { readonly nonce: string | null; readonly secure: boolean; readonly development: boolean }) {
  const { nonce, secure, development } = options;
  const policy =
    nonce === null
      ? ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]
      : [
          "default-src 'self'",
          // React's development build compiles with eval; nothing else does.
          `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
          // Radix, Recharts and sonner place elements by style attributes, which no nonce can name.
          "style-src 'self' 'unsafe-inline'",
          "img-src 'self' data:",
          "font-src 'self'",
          "connect-src 'self'",
          "object-src 'none'",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'",
          ...(secure ? ['upgrade-insecure-requests'] : []),
        ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(secure ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  };
}
