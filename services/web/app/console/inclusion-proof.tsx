import type { AuditProof } from '@florin/contracts';
import { BadgeCheck, FileDown, TriangleAlert } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Card, Notice } from '../ui/surfaces.tsx';
import { checkProof, type ProofFault } from './check-proof.ts';

interface Answer {
  transactionId: string;
  proofs: AuditProof[];
}

interface Checked extends Answer {
  faults: (ProofFault | undefined)[];
}

function Result({ checked }: { checked: Checked }) {
  const { t } = useTranslation('console');
  const { transactionId, proofs, faults } = checked;
  const save = (): void => {
    const text = JSON.stringify({ transactionId, proofs }, null, 2);
    saveFile(new Blob([text], { type: 'application/json' }), `proof-${transactionId}.json`);
  };
  return (
    <div className="grid gap-3">
      {proofs.map((proof, index) => {
        const fault = faults[index];
        const { type } = JSON.parse(proof.record) as { type: string };
        return (
          <Notice
            key={`${proof.chain} ${proof.place}`}
            tone={fault === undefined ? 'ok' : fault === 'no-root' ? 'warn' : 'danger'}
            urgent
            icon={
              fault === undefined ? (
                <BadgeCheck className="size-5 shrink-0" aria-hidden />
              ) : (
                <TriangleAlert className="size-5 shrink-0" aria-hidden />
              )
            }
            title={fault === undefined ? t('audit.proven') : t(`audit.fault.${fault}`)}
          >
            <p className="wrap-anywhere">
              {type} · {proof.chain} {proof.place}
            </p>
            {proof.root !== null && (
              <p className="font-mono text-xs wrap-anywhere">
                {t('audit.key', { key: proof.root.publicKey })}
              </p>
            )}
          </Notice>
        );
      })}
      <Button
        look="secondary"
        className="justify-self-start"
        icon={<FileDown className="size-4.5" aria-hidden />}
        onClick={save}
      >
        {t('audit.saveProof')}
      </Button>
    </div>
  );
}

/** Shows that a transaction is in the log, recomputed here and not on our word. */
export function InclusionProof() {
  const { t } = useTranslation('console');
  const { api } = useParts();
  const { busy, act } = useAction();
  const [id, setId] = useState('');
  const [checked, setChecked] = useState<Checked>();
  async function prove(event: FormEvent): Promise<void> {
    event.preventDefault();
    setChecked(undefined);
    const ask = async (): Promise<Checked> => {
      const path = { id: id.trim() };
      const answer = await api.call('GET /v1/admin/audit/proof/{id}', { path });
      const faults = answer.proofs.map((proof) => checkProof(answer.transactionId, proof));
      return { ...answer, faults: await Promise.all(faults) };
    };
    const done = await act(ask, { failed: t('audit.noProof'), changes: [] });
    if (done) setChecked(done.answer);
  }
  return (
    <Card className="grid gap-4 p-5">
      <header>
        <h2 className="text-lg font-bold">{t('audit.proof')}</h2>
        <p className="text-sm text-muted">{t('audit.proofText')}</p>
      </header>
      <form
        onSubmit={(event) => void prove(event)}
        className="grid items-end gap-3 sm:grid-cols-[1fr_auto]"
      >
        <TextField
          label={t('audit.transactionId')}
          value={id}
          onChange={({ target }) => setId(target.value)}
          spellCheck={false}
          autoComplete="off"
          required
        />
        <Button type="submit" look="secondary" busy={busy} className="min-h-12">
          {t('audit.prove')}
        </Button>
      </form>
      {checked && <Result checked={checked} />}
    </Card>
  );
}
