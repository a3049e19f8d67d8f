import { CardBones, Loading, TitleBones } from '@/components/ui/skeleton';

/** The shape of every page of one thing: where it stands, what it is called, and cards beside each other. */
export default function DetailLoading() {
  return (
    <Loading what="the page">
      <TitleBones />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_23.5rem]">
        <div className="grid gap-4">
          <CardBones lines={6} />
          <CardBones lines={4} />
        </div>
        <CardBones lines={7} />
      </div>
    </Loading>
  );
}
