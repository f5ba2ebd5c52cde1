/** Bringing in the staff from a workbook. */
import { InboxOutlined } from '@ant-design/icons';
import { Alert, Button, Modal, Upload } from 'antd';
import { downloadStaffTemplate } from '@/api/identity';
import { useT } from '@/i18n/lang';
import { CopyText } from '@/ui/CopyText';
import { useNotify } from '@/ui/notify';
import { ProblemAlert } from '@/ui/problems';
import { ProofRefused } from '@/ui/Proof';
import { useImportStaff } from './queries';

export function StaffImport({ open, close }: { open: boolean; close: () => void }) {
  const t = useT();
  const notify = useNotify();
  const send = useImportStaff();
  const end = () => {
    send.reset();
    close();
  };
  const error = send.error instanceof ProofRefused ? null : send.error;
  const result = send.data;
  return (
    <Modal
      open={open}
      title={t('user.import')}
      onCancel={end}
      width={520}
      footer={
        <>
          <Button onClick={() => void downloadStaffTemplate().catch(notify.bad)}>
            {t('import.template')}
          </Button>
          <Button type="primary" onClick={end}>{t('action.close')}</Button>
        </>
      }
    >
      <ProblemAlert error={error} />
      <p style={{ marginTop: 0 }} className="heng-quiet">{t('user.import.about')}</p>
      <Upload.Dragger
        accept=".xlsx"
        showUploadList={false}
        disabled={send.isPending}
        beforeUpload={(file) => {
          send.mutate(file);
          return false;
        }}
      >
        <p style={{ margin: 4, fontSize: 26, color: '#1366e0' }}><InboxOutlined /></p>
        <p style={{ margin: 4 }}>{send.isPending ? t('import.uploading') : t('import.drop')}</p>
      </Upload.Dragger>
      {result && (result.links ?? []).length > 0 && (
        <div className="heng-card" style={{ marginTop: 16, maxHeight: 260, overflowY: 'auto' }}>
          <strong>{t('user.links')}</strong>
          {(result.links ?? []).map((one) => (
            <div key={one.name} style={{ marginTop: 8 }}>
              {one.display_name} <span className="heng-quiet">{one.name}</span>
              <div><CopyText text={one.link} code /></div>
            </div>
          ))}
        </div>
      )}
      {result && (
        <Alert
          showIcon
          style={{ marginTop: 16 }}
          type={result.rejected > 0 ? 'warning' : 'success'}
          title={t('user.imported', { created: result.created, rejected: result.rejected })}
          description={(result.reasons ?? []).map((reason) => (
            <div key={reason.row}>
              {t('user.import.row', { row: reason.row })} {reason.message}
            </div>
          ))}
        />
      )}
    </Modal>
  );
}
