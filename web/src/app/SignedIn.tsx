/** Everything behind the sign-in: who am I first, then the frame and the page. */
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useEffect } from 'react';
import { MeProvider } from '@/access/me';
import { readMe } from '@/api/session';
import { setTimeZone } from '@/format/time';
import { Crash } from '@/ui/problems';
import { ProofProvider } from '@/ui/Proof';
import { Layout } from './Layout';

export function SignedIn() {
  const me = useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => readMe(signal),
    staleTime: 60_000,
    refetchOnWindowFocus: true,
  });
  const zone = me.data?.firm.time_zone;
  useEffect(() => setTimeZone(zone), [zone]);
  if (me.data) {
    return (
      <MeProvider value={me.data}>
        <ProofProvider>
          <Layout>
            <Outlet />
          </Layout>
        </ProofProvider>
      </MeProvider>
    );
  }
  if (me.error) return <Crash error={me.error} />;
  return <Spin style={{ display: 'block', margin: '30vh auto' }} />;
}
