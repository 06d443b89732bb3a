import type { StatementBreak } from '@florin/contracts';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';

const ACTIONS = ['correct', 'explain'] as const;

interface Fields {
  action: (typeof ACTIONS)[number];
  note: string;
}

interface BreakProposalProps {
  found: StatementBreak;
  onClose(): void;
}

/** Proposes how a difference between a bank and the books is settled. */
export default function BreakProposalDialog({ found, onClose }: BreakProposalProps) {
  const { t } = useTranslation('control');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const { busy, act } = useAction();
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { action: 'correct', note: '' },
  });
  const submit = handleSubmit(async ({ action, note }) => {
    const body = { action, note: note.trim() };
    const path = { id: found.id };
    const done = await act(() => api.call('POST /v1/admin/breaks/{id}/propose', { path, body }), {
      done: t('breaks.proposed'),
      failed: t('notDone'),
      changes: ['admin'],
    });
    if (done) onClose();
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t(`breaks.kind.${found.kind}`)}
      description={t('adjustments.newText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        <SelectField {...register('action')} label={t('breaks.how')}>
          {ACTIONS.map((action) => (
            <option key={action} value={action}>
              {t(`breaks.action.${action}`)}
            </option>
          ))}
        </SelectField>
        <TextField
          {...register('note', { required: app('form.required'), maxLength: 500 })}
          label={t('note')}
          hint={t('noteHint')}
          autoComplete="off"
          error={formState.errors.note?.message}
        />
        <Button type="submit" busy={busy}>
          {t('adjustments.propose')}
        </Button>
      </form>
    </Dialog>
  );
}
