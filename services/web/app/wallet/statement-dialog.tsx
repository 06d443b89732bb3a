import { addDays, formatISO, startOfMonth } from 'date-fns';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { WalletView } from '../api/answers.ts';
import { FILE_MS } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { saveFile } from '../ui/save-file.ts';
import { SelectField } from '../ui/select-field.tsx';
import { Notice } from '../ui/surfaces.tsx';

interface StatementDialogProps {
  wallet: WalletView;
  onClose(): void;
}

interface Fields {
  from: string;
  to: string;
  format: 'pdf' | 'csv' | 'json';
}

const dateOf = (date: Date): string => formatISO(date, { representation: 'date' });
/** The first moment of a local day, as the API wants it. */
const momentOf = (date: string): string => new Date(`${date}T00:00:00`).toISOString();

function StatementForm({ wallet, onDone }: { wallet: WalletView; onDone(): void }) {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: {
      from: dateOf(startOfMonth(new Date())),
      to: dateOf(new Date()),
      format: 'pdf',
    },
  });
  const { errors, isSubmitting } = formState;

  async function download({ from, to, format }: Fields): Promise<void> {
    setProblem(undefined);
    try {
      // The last day is meant to be included; the API's period ends before its end.
      const end = addDays(new Date(`${to}T00:00:00`), 1).toISOString();
      const file = await api.file('GET /v1/wallets/{id}/statement', {
        path: { id: wallet.id },
        query: { from: momentOf(from), to: end, format },
        timeoutMs: FILE_MS,
      });
      saveFile(file, `${wallet.name}-${from}-${to}.${format}`);
      onDone();
    } catch (error) {
      setProblem(problemText(error));
    }
  }

  const submit = handleSubmit(download);
  const required = t('form.required');
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          {...register('from', { required })}
          type="date"
          label={t('activity.from')}
          error={errors.from?.message}
        />
        <TextField
          {...register('to', {
            required,
            validate: (to, { from }) => to >= from || t('statement.order'),
          })}
          type="date"
          label={t('activity.to')}
          error={errors.to?.message}
        />
      </div>
      <SelectField {...register('format')} label={t('statement.format')}>
        <option value="pdf">{t('statement.pdf')}</option>
        <option value="csv">{t('statement.csv')}</option>
        <option value="json">JSON</option>
      </SelectField>
      <Button type="submit" busy={isSubmitting}>
        {t('statement.download')}
      </Button>
    </form>
  );
}

export default function StatementDialog({ wallet, onClose }: StatementDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('statement.title')}
      description={t('statement.text', { name: wallet.name })}
    >
      <StatementForm wallet={wallet} onDone={onClose} />
    </Dialog>
  );
}
