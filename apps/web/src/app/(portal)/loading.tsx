import { Card } from '@/components/ui/card';
import { Bone, Loading, TableBones } from '@/components/ui/skeleton';

/** The shape that most pages have: a title, a line about it, and a card of rows. */
export default function PortalLoading() {
  return (
    <Loading what="the page">
      <div className="mb-5 grid gap-2.5">
        <Bone className="h-6 w-44" />
        <Bone className="h-3.5 w-64" />
      </div>
      <Card className="overflow-clip">
        <div className="border-line border-b p-3">
          <Bone className="h-8 w-64" />
        </div>
        <TableBones rows={10} columns={5} />
      </Card>
    </Loading>
  );
}
