import { HomeView } from '@/features/home/home-view';

export const metadata = { title: 'Home' };

/** What it shows was read by the layout already: the rail counts the same. */
export default function HomePage() {
  return <HomeView />;
}
