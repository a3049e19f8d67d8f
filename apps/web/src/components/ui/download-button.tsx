'use client';
import { Download } from 'lucide-react';
import { saveFile } from '@/lib/save-file';
import { Button } from './button';

/** Saves a certificate or a chain as a PEM file. */
export function DownloadButton({ text, filename, label }: { text: string; filename: string; label: string }) {
  return (
    <Button onClick={() => saveFile(text, filename, 'application/x-pem-file')}>
      <Download aria-hidden /> {label}
    </Button>
  );
}
