import type { AuditRecordView, AuditVerification } from '@florin/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BadgeCheck, ScrollText, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { LoadMore } from '../ui/load-more.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Card, EmptyState, Notice, PageHeader } from '../ui/surfaces.tsx';
import { ListSkeleton } from '../wallet/transaction-list.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';
import { InclusionProof } from './inclusion-proof.tsx';

const SUMMARY =
  'flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3 text-sm hover:bg-sunken';

/** What is looked for most; any other type can be found by its actor. */
const TYPES = [
  'admin-action',
  'transaction-completed',
  'transaction-failed',
  'transaction-held',
  'wallet-opened',
  'wallet-status-changed',
] as const;

/** "florin.admin-action.v1" → "admin action" */
const typeText = (type: string): string =>
  type
    .replace(/^florin\./, '')
    .replace(/\.v\d+$/, '')
    .replaceAll('-', ' ');

function Verification({ found }: { found: AuditVerification }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const facts = t('audit.read', {
    records: number.format(found.records),
    roots: number.format(found.roots),
    seconds: number.format(found.seconds),
  });
  return (
    <Notice
      tone={found.ok ? 'ok' : 'danger'}
      urgent
      icon={
        found.ok ? (
          <BadgeCheck className="size-5 shrink-0" aria-hidden />
        ) : (
          <TriangleAlert className="size-5 shrink-0" aria-hidden />
        )
      }
      title={found.ok ? t('audit.genuine') : t('audit.changed', { count: found.breaks.length })}
    >
      <p>{facts}</p>
      {found.breaks.map(({ kind, chain, first, detail }) => (
        <p key={`${kind} ${chain} ${first} ${detail}`} className="mt-1 wrap-anywhere">
          {[kind, chain, first].filter(Boolean).join(' ')}: {detail}
        </p>
      ))}
    </Notice>
  );
}

function RecordRow({ record }: { record: AuditRecordView }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { chain, place, type, actor, transactionId, at, event, hash } = record;
  return (
    <li>
      <details className="group">
        <summary className={SUMMARY}>
          <span className="min-w-44 flex-1 font-semibold first-letter:uppercase">
            {typeText(type)}
          </span>
          <span className="text-muted">
            {actor === undefined ? '' : t('audit.by', { actor: shortId(actor) })}
          </span>
          <span className="tabular text-muted">{formatMoment(at, locale)}</span>
          <span className="tabular w-24 text-right font-mono text-xs text-muted">
            {chain} {place}
          </span>
        </summary>
        <div className="grid gap-2 px-5 pb-4 text-sm">
          {transactionId !== undefined && (
            <Link
              to="/transactions/$transactionId"
              params={{ transactionId }}
              className="justify-self-start text-brand underline"
            >
              {t('audit.transaction', { id: shortId(transactionId) })}
            </Link>
          )}
          <p className="font-mono text-xs wrap-anywhere text-muted">SHA-256 {hash}</p>
          <pre
            // A region that scrolls has to be reached without a mouse, too.
            tabIndex={0}
            className="max-h-80 overflow-auto rounded-control bg-sunken p-3 font-mono text-xs"
          >
            {JSON.stringify(event, null, 2)}
          </pre>
        </div>
      </details>
    </li>
  );
}

/** What happened on the platform, and that nobody has changed the record of it. */
export function AuditPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const { busy, act } = useAction();
  const [found, setFound] = useState<AuditVerification>();
  const [type, setType] = useState('');
  const [actor, setActor] = useState('');
  const query = useInfiniteQuery(
    useAdminQueries().audit({
      type: type === '' ? undefined : `florin.${type}.v1`,
      actor: actor.trim() || undefined,
    }),
  );
  const records = query.data?.pages.flatMap(({ items }) => items);
  async function verify(): Promise<void> {
    const call = () => api.call('POST /v1/admin/audit/verify', { body: {} });
    const done = await act(call, { failed: t('audit.notVerified'), changes: [] });
    if (done) setFound(done.answer);
  }
  return (
    <>
      <PageHeader
        title={app('nav.audit')}
        description={t('audit.about')}
        actions={
          <Button
            busy={busy}
            icon={<ShieldCheck className="size-4.5" aria-hidden />}
            onClick={() => void verify()}
          >
            {t('audit.verify')}
          </Button>
        }
      />
      <div className="grid gap-6">
        {found && <Verification found={found} />}
        <InclusionProof />
        <Card className="overflow-hidden">
          <div className="grid gap-4 border-b border-line p-5 sm:grid-cols-2">
            <SelectField
              label={t('audit.type')}
              value={type}
              onChange={({ target }) => setType(target.value)}
            >
              <option value="">{app('activity.any')}</option>
              {TYPES.map((one) => (
                <option key={one} value={one}>
                  {typeText(one)}
                </option>
              ))}
            </SelectField>
            <TextField
              label={t('audit.actor')}
              value={actor}
              onChange={({ target }) => setActor(target.value)}
              spellCheck={false}
              autoComplete="off"
            />
          </div>
          {query.isPending && <ListSkeleton />}
          {records?.length === 0 && (
            <EmptyState
              icon={<ScrollText className="size-6" aria-hidden />}
              title={app('activity.none')}
              text={t('audit.none')}
            />
          )}
          <ul className="divide-y divide-line">
            {records?.map((record) => (
              <RecordRow key={`${record.chain} ${record.place}`} record={record} />
            ))}
          </ul>
          <LoadMore query={query}>{t('more')}</LoadMore>
        </Card>
      </div>
    </>
  );
}
