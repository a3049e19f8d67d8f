import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { Brand } from '@/features/shell/brand';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center justify-items-start gap-4 px-4">
      <Brand />
      <h1 className="text-xl">There is nothing at this address</h1>
      <p className="text-ink-2">It may have been removed, or the address is not complete.</p>
      <Button asChild>
        <Link href="/">Go home</Link>
      </Button>
    </main>
  );
}
