import type { verdictBody } from '@florin/contracts';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, Check, X } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TransactionView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment, formatRelative } from '../format/dates.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { NotFoundPage, PagePending } from '../shell/fallbacks.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Card, Notice } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { Amount } from '../wallet/amount.tsx';
import { shortId } from '../wallet/transaction-row.tsx';
import { useAdminQueries } from './admin-queries.ts';
import { ScorePill, VerdictPill } from './risk-pills.tsx';
import { RiskReasons } from './risk-reasons.tsx';

type Verdict = 'approve' | 'decline';
const OUTCOMES = { approve: 'approved', decline: 'declined' } as const;

/** A verdict shows at once and is taken back when the API says no. */
function useDecide(transaction: TransactionView) {
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const { t } = useTranslation('console');
  const problemText = useProblemText();
  const { queryKey } = queries.transaction(transaction.id);
  return async (verdict: Verdict, body: z.output<typeof verdictBody>): Promise<void> => {
    const { review } = transaction;
    if (review) {
      const note = body.note === undefined ? {} : { note: body.note };
      const decided = { ...review, ...note, status: OUTCOMES[verdict] };
      queryClient.setQueryData(queryKey, { ...transaction, review: decided });
    }
    try {
      const path = { id: transaction.id };
      const decided = await api.call(`POST /v1/admin/reviews/{id}/${verdict}`, { path, body });
      queryClient.setQueryData(queryKey, decided);
      showToast({ tone: 'ok', title: t(`review.done.${verdict}`) });
    } catch (error) {
      queryClient.setQueryData(queryKey, transaction);
      showToast({ tone: 'danger', title: t('review.notDecided'), text: problemText(error) });
    }
    await queryClient.invalidateQueries({ queryKey: ['admin', 'GET /v1/admin/reviews'] });
  };
}

function VerdictForm({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const decide = useDecide(transaction);
  const [busy, setBusy] = useState<Verdict>();
  const { register, handleSubmit, formState } = useForm<z.input<typeof verdictBody>>({
    resolver: schemaResolver(app, (schemas) => schemas.verdictBody),
  });
  const submit = (verdict: Verdict) =>
    handleSubmit(async (body) => {
      setBusy(verdict);
      await decide(verdict, body);
      setBusy(undefined);
    });
  return (
    <form className="grid gap-4" noValidate onSubmit={(event) => event.preventDefault()}>
      <TextField
        {...register('note', { setValueAs: (text: string) => text?.trim() || undefined })}
        label={t('review.note')}
        hint={t('review.noteHint')}
        autoComplete="off"
        error={formState.errors.note?.message}
      />
      <div className="grid grid-cols-2 gap-2">
        <Button
          look="danger"
          busy={busy === 'decline'}
          icon={<X className="size-4.5" aria-hidden />}
          onClick={() => void submit('decline')()}
        >
          {t('review.decline')}
        </Button>
        <Button
          busy={busy === 'approve'}
          icon={<Check className="size-4.5" aria-hidden />}
          onClick={() => void submit('approve')()}
        >
          {t('review.approve')}
        </Button>
      </div>
    </form>
  );
}

function Verdict({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { review } = transaction;
  if (review === undefined) return null;
  const open = review.status === 'open';
  return (
    <Card className="grid gap-4 p-5">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{t('review.verdict')}</h2>
        <VerdictPill status={review.status} />
      </div>
      {open && (
        <p className="text-sm text-muted">
          {t('review.until', { until: formatRelative(review.expiresAt, locale) })}
        </p>
      )}
      {open && may(me, 'decide-risk') && <VerdictForm transaction={transaction} />}
      {!open && review.decidedAt !== undefined && (
        <p className="text-sm text-muted">
          {t('review.decidedAt', { time: formatMoment(review.decidedAt, locale) })}
        </p>
      )}
      {review.note !== undefined && <Notice tone="neutral">{review.note}</Notice>}
    </Card>
  );
}

/** All that the score was made of, for whoever wants to look closer. */
function Decision({ transactionId }: { transactionId: string }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { data } = useQuery(useAdminQueries().decision(transactionId));
  if (data === undefined) return null;
  const number = new Intl.NumberFormat(locale, { maximumSignificantDigits: 5 });
  const features = Object.entries(data.features);
  return (
    <Card className="p-5">
      <details>
        <summary className="min-h-8 font-bold">
          {t('review.features', { count: features.length })}
        </summary>
        <p className="mt-1 text-sm text-muted">
          {t('review.model', { model: data.risk.modelVersion })}
        </p>
        <dl className="mt-3 grid gap-x-8 text-sm sm:grid-cols-2">
          {features.map(([name, value]) => (
            <div key={name} className="flex justify-between gap-4 border-b border-line py-1.5">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular font-medium">{number.format(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Card>
  );
}

function Facts({ transaction }: { transaction: TransactionView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { walletId, counterpartyWalletId, createdAt, description } = transaction;
  const wallets = [
    { name: t('tx.fromWallet'), id: walletId },
    ...(counterpartyWalletId === undefined
      ? []
      : [{ name: t('tx.toWallet'), id: counterpartyWalletId }]),
  ];
  return (
    <Card className="px-5 py-2">
      <dl className="divide-y divide-line text-sm">
        {wallets.map(({ name, id }) => (
          <div key={name} className="flex justify-between gap-4 py-3">
            <dt className="text-muted">{name}</dt>
            <dd>
              <Link
                to="/wallets/$walletId"
                params={{ walletId: id }}
                className="font-semibold text-brand underline"
              >
                {shortId(id)}
              </Link>
            </dd>
          </div>
        ))}
        <div className="flex justify-between gap-4 py-3">
          <dt className="text-muted">{t('tx.createdAt')}</dt>
          <dd className="font-medium">{formatMoment(createdAt, locale)}</dd>
        </div>
        {description !== undefined && (
          <div className="flex justify-between gap-4 py-3">
            <dt className="text-muted">{t('pay.note')}</dt>
            <dd className="font-medium">{description}</dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

export function ReviewPage() {
  const { transactionId } = useParams({ from: '/app/console/reviews/$transactionId' });
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: transaction, isError } = useQuery(queries.transaction(transactionId));
  if (isError) return <NotFoundPage />;
  if (transaction === undefined) return <PagePending />;
  const { risk } = transaction;
  return (
    <>
      <Link
        to="/console/reviews"
        className="mb-4 inline-flex min-h-8 items-center gap-1.5 text-sm font-semibold text-brand"
      >
        <ArrowLeft className="size-4" aria-hidden />
        {t('reviews.title')}
      </Link>
      <header className="mb-6 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-bold tracking-tight sm:text-2xl">
          {app(`tx.type.${transaction.type}` as 'tx.type.transfer')}{' '}
          <Amount minor={transaction.amount} currency={transaction.currency} />
        </h1>
        <ScorePill score={risk?.score} />
      </header>
      <div className="grid gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid content-start gap-6">
          <Card className="grid gap-5 p-5 sm:p-6">
            <h2 className="text-lg font-bold">{t('review.why')}</h2>
            {risk?.reasons !== undefined && risk.reasons.length > 0 ? (
              <RiskReasons reasons={risk.reasons} />
            ) : (
              <p className="text-muted">{t('reviews.policy')}</p>
            )}
          </Card>
          <Decision transactionId={transactionId} />
        </div>
        <div className="grid content-start gap-6 max-xl:order-first">
          <Verdict transaction={transaction} />
          <Facts transaction={transaction} />
        </div>
      </div>
    </>
  );
}
