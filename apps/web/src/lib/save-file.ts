'use client';

/** Saves a text, or octets, as a file; made in the browser from what the page already holds. */
export function saveFile(content: string | Uint8Array<ArrayBuffer>, filename: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  URL.revokeObjectURL(url);
}
