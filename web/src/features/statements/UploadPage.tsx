/** Importing workbooks: what they hold is shown with every doubt; nothing is saved before 确认. */
import { InboxOutlined } from '@ant-design/icons';
import { useParams } from '@tanstack/react-router';
import { Alert, Button, Spin, Steps, Upload } from 'antd';
import { useState } from 'react';
import type { Cause, SetRow, StatementPreview } from '@/api/statementShapes';
import { useT } from '@/i18n/lang';
import { PageHeader } from '@/ui/PageHeader';
import { ProblemAlert } from '@/ui/problems';
import { UnsavedGuard } from '@/ui/UnsavedGuard';
import { choicesOf, firstAnswers, periodsNeeded } from './answers';
import type { Answers } from './answers';
import { CauseFields } from './CauseFields';
import { Crumbs } from './Crumbs';
import { CoreAway, isCoreAway } from './parts';
import { PreviewCard } from './PreviewCard';
import { SavedSets } from './SavedSets';
import { useConfirm, useSets, useUpload } from './queries';

interface Taken {
  preview: StatementPreview;
  answers: Answers;
  saved?: SetRow[];
}

interface Failed {
  name: string;
  error: unknown;
}

/** Whether what would be saved was submitted before, so that a cause must be given. */
function corrects(taken: Taken[], sets: SetRow[]): boolean {
  const once = new Set(
    sets.filter((set) => set.first_submitted).map((set) => `${set.kind} ${set.period}`),
  );
  return taken.some(({ preview, answers, saved }) => {
    if (saved) return false;
    const sheets = preview.statements
      .filter((found) => !answers.skipped.includes(found.index))
      .map((found) => `FS ${answers.periods[found.index] ?? found.period}`);
    const returns = preview.returns.map(
      (found) => `${found.filed.form} ${answers.returnPeriods[found.index] ?? found.period}`,
    );
    return [...sheets, ...returns].some((place) => once.has(place));
  });
}

function useWizard(client: string) {
  const upload = useUpload();
  const confirm = useConfirm();
  const [taken, setTaken] = useState<Taken[]>([]);
  const [failed, setFailed] = useState<Failed[]>([]);
  const [reading, setReading] = useState(0);
  const [refused, setRefused] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);

  const add = async (file: File) => {
    setReading((count) => count + 1);
    try {
      const preview = await upload.mutateAsync({ client, file });
      setTaken((all) => [...all, { preview, answers: firstAnswers }]);
    } catch (error) {
      setFailed((all) => [...all, { name: file.name, error }]);
    } finally {
      setReading((count) => count - 1);
    }
  };
  const answer = (id: string, answers: Answers) =>
    setTaken((all) => all.map((one) => (one.preview.id === id ? { ...one, answers } : one)));
  const drop = (id: string) =>
    setTaken((all) => all.filter((one) => one.preview.id !== id));
  const save = async (cause: Cause | undefined, why: string) => {
    setSaving(true);
    setRefused(null);
    try {
      // One after the other: files of one period build on each other.
      for (const { preview, answers, saved } of taken) {
        if (saved) continue;
        const rows = await confirm.mutateAsync({
          client,
          id: preview.id,
          body: {
            choices: choicesOf(preview, answers),
            periods: answers.periods,
            return_periods: answers.returnPeriods,
            skipped: answers.skipped,
            ...(cause ? { cause, why } : {}),
          },
        });
        setTaken((all) =>
          all.map((one) => (one.preview.id === preview.id ? { ...one, saved: rows } : one)),
        );
      }
    } catch (error) {
      setRefused(error);
    } finally {
      setSaving(false);
    }
  };
  return { taken, failed, reading, refused, saving, add, answer, drop, save, setFailed };
}

export function UploadPage() {
  const t = useT();
  const { id } = useParams({ from: '/in/clients/$id/statements/import' });
  const sets = useSets(id);
  const wizard = useWizard(id);
  const [cause, setCause] = useState<Cause>();
  const [why, setWhy] = useState('');
  const { taken, failed, reading, refused, saving } = wizard;
  const open = taken.filter((one) => !one.saved);
  const saved = taken.flatMap((one) => one.saved ?? []);
  const correcting = corrects(taken, sets.data?.items ?? []);
  const unnamed = open.some((one) => periodsNeeded(one.preview, one.answers));
  const ready = open.length > 0 && !unnamed && (!correcting || (cause && why.trim() !== ''));
  const done = taken.length > 0 && open.length === 0;
  return (
    <>
      <Crumbs client={id} here={t('st.import')} />
      <PageHeader title={t('st.import')} about={t('st.import.about')} />
      <UnsavedGuard dirty={open.length > 0} text={t('st.import.leave')} />
      <Steps
        size="small"
        responsive={false}
        style={{ marginBottom: 16, maxWidth: 720 }}
        current={done ? 2 : taken.length > 0 ? 1 : 0}
        items={[
          { title: t('st.step.upload') },
          { title: t('st.step.confirm') },
          { title: t('st.step.result') },
        ]}
      />
      <div style={{ marginBottom: 12 }}>
        <Upload.Dragger
          multiple
          accept=".xlsx,.xls,.csv,.htm,.html"
          showUploadList={false}
          disabled={saving}
          beforeUpload={(file) => {
            void wizard.add(file);
            return false;
          }}
        >
          <p style={{ margin: '2px 0', fontSize: 28, color: '#1366e0' }}><InboxOutlined /></p>
          <p style={{ margin: '2px 0' }}>
            {reading > 0 ? t('st.reading', { count: reading }) : t('st.drop')}
          </p>
          <p className="heng-quiet" style={{ margin: '2px 0 0' }}>{t('st.drop.about')}</p>
        </Upload.Dragger>
      </div>
      {failed.map((one, index) => (
        <div key={`${one.name}${index}`} style={{ marginBottom: 12 }}>
          <strong className="heng-wrap">{one.name}</strong>
          {isCoreAway(one.error) ? (
            <CoreAway error={one.error} />
          ) : (
            <ProblemAlert error={one.error} />
          )}
        </div>
      ))}
      <Spin spinning={saving}>
        <div className="heng-grid">
          {open.map((one) => (
            <PreviewCard
              key={one.preview.id}
              preview={one.preview}
              answers={one.answers}
              answer={(answers) => wizard.answer(one.preview.id, answers)}
              drop={() => wizard.drop(one.preview.id)}
            />
          ))}
        </div>
      </Spin>
      {open.length > 0 && (
        <section className="heng-panel heng-panel-pad" style={{ marginTop: 12 }}>
          {correcting && (
            <>
              <Alert
                type="warning"
                showIcon
                title={t('st.corrects')}
                style={{ marginBottom: 8 }}
              />
              <CauseFields cause={cause} setCause={setCause} why={why} setWhy={setWhy} />
            </>
          )}
          <ProblemAlert error={refused} />
          <div className="heng-toolbar" style={{ marginTop: correcting ? 12 : 0 }}>
            <span className="heng-grow heng-quiet">
              {unnamed ? t('st.confirm.period') : t('st.confirm.about')}
            </span>
            <Button
              type="primary"
              disabled={!ready || reading > 0}
              loading={saving}
              onClick={() => void wizard.save(correcting ? cause : undefined, why.trim())}
            >
              {t('st.confirm')}
            </Button>
          </div>
        </section>
      )}
      {saved.length > 0 && <SavedSets client={id} rows={saved} />}
    </>
  );
}
