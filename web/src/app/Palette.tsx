/** Ctrl/⌘+K: clients and pages by name. */
import { BankOutlined, FileOutlined, SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Modal, Spin } from 'antd';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useCan } from '@/access/me';
import { searchClients } from '@/api/clients';
import { useT } from '@/i18n/lang';
import { composing } from '@/ui/ime';
import { Nothing, ProblemAlert } from '@/ui/problems';
import { ENTRIES } from './navigation';

interface Hit {
  key: string;
  icon: ReactNode;
  text: string;
  more: string;
  go: () => void;
}

function useHits(text: string, close: () => void) {
  const t = useT();
  const can = useCan();
  const navigate = useNavigate();
  const q = useDeferredValue(text.trim());
  const search = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => searchClients(q, signal),
    enabled: q !== '' && can('client.list'),
    placeholderData: keepPreviousData,
  });
  const low = q.toLowerCase();
  const pages: Hit[] = ENTRIES.filter((entry) => !entry.right || can(entry.right))
    .filter((e) => !low || `${t(e.word)} ${e.finds}`.toLowerCase().includes(low))
    .map((entry) => ({
      key: entry.path,
      icon: <FileOutlined className="heng-quiet" />,
      text: t(entry.word),
      more: t('palette.page'),
      go: () => {
        close();
        void navigate({ to: entry.path });
      },
    }));
  const clients: Hit[] = (q ? (search.data?.clients ?? []) : []).map((client) => ({
    key: client.id,
    icon: <BankOutlined className="heng-quiet" />,
    text: client.name,
    more: [client.code, client.lead].filter(Boolean).join(' · '),
    go: () => {
      close();
      void navigate({ to: '/clients/$id', params: { id: client.id } });
    },
  }));
  const all: Hit[] = [...clients, ...pages];
  if (q && can('client.list')) {
    all.push({
      key: 'full',
      icon: <SearchOutlined className="heng-quiet" />,
      text: t('palette.full', { text: q }),
      more: '',
      go: () => {
        close();
        void navigate({ to: '/clients', search: { q } });
      },
    });
  }
  return { hits: all, search };
}

function Body({ close }: { close: () => void }) {
  const t = useT();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { hits, search } = useHits(text, close);
  const list = useRef<HTMLDivElement>(null);
  const here = Math.min(at, Math.max(0, hits.length - 1));
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [here]);
  const onKey = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === 'ArrowDown') setAt(Math.min(here + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(here - 1, 0));
    else if (event.key === 'Enter') hits[here]?.go();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <Input
        autoFocus
        size="large"
        variant="borderless"
        className="heng-palette"
        prefix={<SearchOutlined className="heng-quiet" />}
        suffix={search.isFetching ? <Spin size="small" /> : <span />}
        placeholder={t('palette.hint')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKey}
        role="combobox"
        aria-label={t('palette.open')}
        aria-expanded
        aria-controls="palette-hits"
        aria-activedescendant={hits.length > 0 ? `palette-hit-${here}` : undefined}
      />
      <div
        id="palette-hits"
        role="listbox"
        ref={list}
        style={{ maxHeight: '52vh', overflowY: 'auto', borderTop: '1px solid #e8ebf0', padding: 6 }}
      >
        {search.error && <ProblemAlert error={search.error} />}
        {hits.length === 0 && <Nothing text={t('palette.none')} />}
        {hits.map((hit, index) => (
          <button
            key={hit.key}
            id={`palette-hit-${index}`}
            type="button"
            role="option"
            aria-selected={index === here}
            className="heng-hit"
            tabIndex={-1}
            onMouseMove={() => setAt(index)}
            onClick={hit.go}
          >
            {hit.icon}
            <span className="heng-grow heng-wrap">{hit.text}</span>
            <span className="heng-quiet" style={{ whiteSpace: 'nowrap' }}>{hit.more}</span>
          </button>
        ))}
      </div>
    </>
  );
}

export function Palette({ open, close }: { open: boolean; close: () => void }) {
  const t = useT();
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      width={600}
      style={{ top: 72 }}
      styles={{ container: { padding: 6 } }}
      destroyOnHidden
      aria-label={t('palette.open')}
    >
      <Body close={close} />
    </Modal>
  );
}
