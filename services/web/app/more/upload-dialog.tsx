import { uuidv7 } from '@florin/kernel';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { FILE_MS } from '../api/api-client.ts';
import { fetchWithProgress } from '../api/fetch-with-progress.ts';
import { useParts } from '../api/parts.ts';
import { formatMoney } from '../format/money.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { useMyWallets } from '../wallet/use-my-wallets.ts';
import { WalletSelect } from '../wallet/wallet-select.tsx';

/** What is about to be sent. A key belongs to one file: sent again, it is the same upload. */
interface Ready {
  body: Blob;
  key: string;
  /** Of a table; files of the API's own form are sent as they are. */
  sum: { lines: number; total: bigint } | undefined;
}

const READY_MADE = /\.(ndjson|jsonl)$/i;

/** Sends a file of payments, once however often it has to be tried. */
export default function UploadDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const locale = useLocale();
  const { api } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const { open, find } = useMyWallets();
  const [walletId, setWalletId] = useState(open[0]?.id ?? '');
  const [ready, setReady] = useState<Ready>();
  const [mistake, setMistake] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [progress, setProgress] = useState<number>();
  const wallet = find(walletId) ?? open[0];

  async function choose(file: File | undefined): Promise<void> {
    setReady(undefined);
    setMistake(undefined);
    setProblem(undefined);
    if (file === undefined || wallet === undefined) return;
    const key = uuidv7();
    if (READY_MADE.test(file.name)) return setReady({ body: file, key, sum: undefined });
    const { readPaymentFile } = await import('./read-payment-file.ts');
    const read = readPaymentFile(await file.text(), wallet, locale);
    if (read.ok) setReady({ body: read.value.body, key, sum: read.value });
    else setMistake(t(`files.mistake.${read.error.kind}`, { line: read.error.line }));
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (ready === undefined) return setMistake(mistake ?? app('form.required'));
    setProblem(undefined);
    setProgress(0);
    try {
      await api.call('POST /v1/bulk-files', {
        body: new Blob([ready.body], { type: 'application/x-ndjson' }),
        idempotencyKey: ready.key,
        fetch: fetchWithProgress(setProgress),
        timeoutMs: FILE_MS,
      });
      await queryClient.invalidateQueries({ queryKey: ['bulk-files'] });
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setProgress(undefined);
    }
  }

  const { sum } = ready ?? {};
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => isOpen || onClose()}
      title={t('files.new')}
      description={t('files.newText')}
    >
      <form onSubmit={(event) => void send(event)} noValidate className="grid gap-5">
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <WalletSelect
          label={app('pay.from')}
          wallets={open}
          value={walletId}
          disabled={ready !== undefined}
          onChange={({ target }) => setWalletId(target.value)}
        />
        <TextField
          type="file"
          accept=".csv,.ndjson,.jsonl,text/csv,application/x-ndjson"
          label={t('files.file')}
          hint={t('files.fileHint')}
          error={mistake}
          onChange={({ target }) => void choose(target.files?.[0])}
          className="py-2.5 file:mr-3 file:rounded-lg file:bg-sunken file:px-3 file:py-1"
        />
        {ready !== undefined && (
          <Notice tone="brand">
            {sum === undefined || wallet === undefined
              ? t('files.asItIs')
              : t('files.sum', {
                  count: sum.lines,
                  total: formatMoney(sum.total, wallet.currency, locale),
                })}
          </Notice>
        )}
        {progress !== undefined && (
          <progress value={progress} aria-label={t('files.sending')} className="w-full" />
        )}
        <Button type="submit" busy={progress !== undefined}>
          {problem === undefined ? t('files.send') : t('files.again')}
        </Button>
      </form>
    </Dialog>
  );
}
