/** Starts the app. */
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem, onSignedOut } from '@/api/client';
import { LangProvider } from '@/i18n/lang';
import '@/ui/base.css';
import { Design } from './Design';
import { router } from './routes';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (count, error) =>
        count < 1 && error instanceof Problem && (error.status === 0 || error.status >= 502),
    },
  },
});

onSignedOut(() => {
  if (window.location.pathname === '/login') return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
});

const place = document.getElementById('root');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <LangProvider>
        <Design>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Design>
      </LangProvider>
    </StrictMode>,
  );
}
