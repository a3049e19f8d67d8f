import { Card } from '@/components/ui/card';
import { Bone, CardBones, Loading, TitleBones } from '@/components/ui/skeleton';

export default function EndpointLoading() {
  return (
    <Loading what="the endpoint">
      <TitleBones />
      <div className="grid gap-4">
        <Card className="grid md:grid-cols-5">
          {['name', 'dns', 'tcp', 'tls', 'http'].map((link) => (
            <div key={link} className="grid gap-2 p-4">
              <Bone className="size-5 rounded-full" />
              <Bone className="w-1/3" />
              <Bone className="w-3/4" />
            </div>
          ))}
        </Card>
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
          <div className="grid gap-4">
            <CardBones lines={4} />
            <CardBones lines={3} />
          </div>
          <CardBones lines={9} />
        </div>
      </div>
    </Loading>
  );
}
