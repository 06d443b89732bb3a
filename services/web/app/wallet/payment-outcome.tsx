import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Ban, Check, Clock3, LoaderCircle, ShieldQuestion, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TransactionView } from '../api/answers.ts';
import { useParts } from '../api/parts.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Card } from '../ui/surfaces.tsx';
import { Amount, Balance } from './amount.tsx';
import { isUnderWay, standingOf, type Standing } from './describe-transaction.ts';
import type { ExpectedPayment } from './expect-balances.ts';
import { useReasonText } from './reason-text.ts';
import { useMyWallets } from './use-my-wallets.ts';
import type { PaymentForm, PaymentState } from './use-payment.ts';

const POLL_MS = 1000;

type Look = 'ok' | 'wait' | 'review' | 'no' | 'sending' | 'lost';

const SEALS: Record<Look, { icon: typeof Check; className: string }> = {
  ok: { icon: Check, className: 'bg-ok-soft text-ok' },
  wait: { icon: Clock3, className: 'bg-warn-soft text-warn' },
  review: { icon: ShieldQuestion, className: 'bg-warn-soft text-warn' },
  no: { icon: Ban, className: 'bg-danger-soft text-danger' },
  sending: { icon: LoaderCircle, className: 'bg-brand-soft text-brand' },
  lost: { icon: Unplug, className: 'bg-warn-soft text-warn' },
};

const LOOKS: Record<Standing, Look> = {
  completed: 'ok',
  failed: 'no',
  reversed: 'no',
  pending: 'wait',
  'held-for-bank': 'wait',
  'held-for-payee': 'wait',
  'held-for-review': 'review',
};

interface OutcomeCardProps {
  look: Look;
  payment: ExpectedPayment;
  title: string;
  text?: string | undefined;
  children: ReactNode;
}

function OutcomeCard({ look, payment, title, text, children }: OutcomeCardProps) {
  const { t } = useTranslation();
  const { find } = useMyWallets();
  const wallet = find(payment.walletId);
  const { icon: Icon, className } = SEALS[look];
  return (
    <Card className="mx-auto max-w-lg p-6 text-center sm:p-8">
      <div role="status" className="grid justify-items-center gap-3">
        <span className={joinClasses('grid size-16 place-items-center rounded-full', className)}>
          <Icon
            className={joinClasses('size-8', look === 'sending' && 'animate-spin')}
            aria-hidden
          />
        </span>
        <h2 className="text-lg font-bold">{title}</h2>
        {wallet && (
          <Amount
            minor={payment.amount}
            currency={wallet.currency}
            className="text-2xl font-bold"
          />
        )}
        <p className="min-h-6 max-w-sm text-muted">{text}</p>
      </div>
      {wallet && (
        <dl
          className={joinClasses(
            'mt-4 flex items-center justify-between gap-4 rounded-control bg-sunken px-4',
            'py-3 text-left',
          )}
        >
          <dt className="text-sm text-muted">{t('pay.availableIn', { wallet: wallet.name })}</dt>
          <dd>
            <Balance
              walletId={wallet.id}
              minor={wallet.balances.available}
              currency={wallet.currency}
              className="text-lg"
            />
          </dd>
        </dl>
      )}
      <div className="mt-6 grid gap-2">{children}</div>
    </Card>
  );
}

/** Answered: the transaction as it is now, followed until it is final. */
function Answered({
  payment,
  first,
  again,
}: {
  payment: ExpectedPayment;
  first: TransactionView;
  again(): void;
}) {
  const { t } = useTranslation();
  const { queries } = useParts();
  const reasonText = useReasonText();
  const { data: transaction } = useQuery({
    ...queries.transaction(first.id),
    initialData: first,
    refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) ? false : POLL_MS),
  });
  const standing = standingOf(transaction);
  return (
    <OutcomeCard
      look={LOOKS[standing]}
      payment={payment}
      title={t(`pay.${payment.kind}Is.${standing}`)}
      text={reasonText(transaction)}
    >
      <Link to="/" className={buttonClasses()}>
        {t('pay.done')}
      </Link>
      <Link
        to="/transactions/$transactionId"
        params={{ transactionId: transaction.id }}
        className={buttonClasses('secondary')}
      >
        {t('pay.details')}
      </Link>
      <Button look="quiet" onClick={again}>
        {t(`pay.another.${payment.kind}`)}
      </Button>
    </OutcomeCard>
  );
}

type Outcome = Exclude<PaymentState, { step: 'form' }>;

/** What has become of a payment, from the moment it was confirmed. */
export function PaymentOutcome({ state, form }: { state: Outcome; form: PaymentForm }) {
  const { t } = useTranslation();
  const { payment } = state;
  switch (state.step) {
    case 'sending':
      return (
        <OutcomeCard
          look="sending"
          payment={payment}
          title={t('pay.sending')}
          text={t('pay.sendingText')}
        >
          <span className="block min-h-11" />
        </OutcomeCard>
      );
    case 'answered':
      return <Answered payment={payment} first={state.transaction} again={form.again} />;
    case 'refused':
      return (
        <OutcomeCard
          look="no"
          payment={payment}
          title={t(`pay.refused.${payment.kind}`)}
          text={state.reason}
        >
          <Button onClick={form.again}>{t('pay.change')}</Button>
          {state.transactionId !== undefined && (
            <Link
              to="/transactions/$transactionId"
              params={{ transactionId: state.transactionId }}
              className={buttonClasses('secondary')}
            >
              {t('pay.details')}
            </Link>
          )}
        </OutcomeCard>
      );
    case 'unanswered':
      return (
        <OutcomeCard
          look="lost"
          payment={payment}
          title={t('pay.unansweredTitle')}
          text={t('pay.unansweredText')}
        >
          <Button onClick={() => void form.resume()}>{t('pay.ask')}</Button>
        </OutcomeCard>
      );
  }
}
