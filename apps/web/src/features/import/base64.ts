/** Of some ten thousand octets: each is an argument of one call. */
export const base64Of = (octets: Uint8Array): string => btoa(String.fromCharCode(...octets));
