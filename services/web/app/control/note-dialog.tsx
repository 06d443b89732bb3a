import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';

interface NoteDialogProps {
  title: string;
  description: string;
  confirm: string;
  danger?: boolean;
  /** Asks the API for it, with the note as its body. */
  send(body: { note?: string }): Promise<unknown>;
  done: string;
  changes: readonly string[];
  onClose(): void;
}

/** Asks before something that colleagues have to understand later: with room for the reason. */
export function NoteDialog(props: NoteDialogProps) {
  const { title, description, confirm, danger = false, send, done, changes, onClose } = props;
  const { t } = useTranslation('control');
  const { busy, act } = useAction();
  const [note, setNote] = useState('');
  async function go(): Promise<void> {
    const body = note.trim() === '' ? {} : { note: note.trim() };
    await act(() => send(body), { done, failed: t('notDone'), changes });
    onClose();
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => open || onClose()}
      title={title}
      description={description}
      confirm={confirm}
      danger={danger}
      busy={busy}
      onConfirm={() => void go()}
    >
      <TextField
        label={t('note')}
        hint={t('noteHint')}
        value={note}
        maxLength={500}
        autoComplete="off"
        onChange={({ target }) => setNote(target.value)}
      />
    </ConfirmDialog>
  );
}
