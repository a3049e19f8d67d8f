'use client';
import { Download } from 'lucide-react';
import { Button } from './button';

/** Saves a text as a file; made in the browser from what the page already holds. */
export function DownloadButton({ text, filename, label }: { text: string; filename: string; label: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = filename;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button onClick={save}>
      <Download aria-hidden /> {label}
    </Button>
  );
}
