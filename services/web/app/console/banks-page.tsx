import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { banksAreSimulated, SIMULATED_BANKS } from '../api/simulated-banks.ts';
import { formatRelative } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { SelectField } from '../ui/select-field.tsx';
import { Card, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { useAdminQueries, type Breaker, type SimulatedBank } from './admin-queries.ts';

const TONES = { closed: 'ok', 'half-open': 'warn', open: 'danger' } as const;

function Breakers({ breakers }: { breakers: Breaker[] }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  return (
    <ul className="divide-y divide-line">
      {breakers.map(({ bank, state, since, retryAfterSeconds }) => (
        <li key={bank} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3.5">
          <span className="min-w-40 flex-1 font-semibold">{bank}</span>
          <span className="text-sm text-muted">
            {t('banks.since', { time: formatRelative(since, locale) })}
            {retryAfterSeconds !== undefined &&
              ` · ${t('banks.retry', { count: retryAfterSeconds })}`}
          </span>
          <Pill tone={TONES[state]}>{t(`banks.state.${state}`)}</Pill>
        </li>
      ))}
    </ul>
  );
}

const DELAYS_MS = [0, 5, 100, 500, 2000, 10_000];
const FAILURE_RATES = [0, 0.05, 0.25, 0.5, 1];
/** A bank may stand at a value that is in no list: it is offered, too. */
const withCurrent = (values: number[], current: number): number[] =>
  [...new Set([...values, current])].toSorted((a, b) => a - b);

type Changes = Partial<Pick<SimulatedBank, 'behaviour' | 'delayMs' | 'failureRate'>>;

function SimulatedBankRow({ bank }: { bank: SimulatedBank }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { api } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const { queryKey } = useAdminQueries().simulatedBanks();
  const put = (next: SimulatedBank): void =>
    void queryClient.setQueryData<SimulatedBank[]>(queryKey, (all = []) =>
      all.map((one) => (one.name === next.name ? next : one)),
    );

  async function change(changes: Changes): Promise<void> {
    await queryClient.cancelQueries({ queryKey });
    put({ ...bank, ...changes });
    try {
      const operation = `PUT /bank-simulator/control/banks/${bank.name}`;
      put((await api.request(operation, { body: changes })) as SimulatedBank);
    } catch (error) {
      put(bank);
      showToast({ tone: 'danger', title: t('banks.notChanged'), text: problemText(error) });
    }
  }

  const percent = new Intl.NumberFormat(locale, { style: 'percent' });
  const ms = new Intl.NumberFormat(locale, { style: 'unit', unit: 'millisecond' });
  return (
    <li className="grid gap-4 p-5 md:grid-cols-[1fr_16rem_9rem_8rem] md:items-end">
      <div className="min-w-0">
        <p className="font-semibold">{bank.name}</p>
        <p className="text-sm text-muted">{t('banks.payments', { count: bank.payments })}</p>
      </div>
      <SelectField
        label={t('banks.behaviour')}
        value={bank.behaviour}
        onChange={({ target }) => void change({ behaviour: target.value })}
      >
        {SIMULATED_BANKS.map((behaviour) => (
          <option key={behaviour}>{behaviour}</option>
        ))}
      </SelectField>
      <SelectField
        label={t('banks.delay')}
        value={bank.delayMs}
        onChange={({ target }) => void change({ delayMs: Number(target.value) })}
      >
        {withCurrent(DELAYS_MS, bank.delayMs).map((delay) => (
          <option key={delay} value={delay}>
            {ms.format(delay)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('banks.failures')}
        value={bank.failureRate}
        onChange={({ target }) => void change({ failureRate: Number(target.value) })}
      >
        {withCurrent(FAILURE_RATES, bank.failureRate).map((rate) => (
          <option key={rate} value={rate}>
            {percent.format(rate)}
          </option>
        ))}
      </SelectField>
    </li>
  );
}

function Simulator() {
  const { t } = useTranslation('console');
  const { data: banks } = useQuery(useAdminQueries().simulatedBanks());
  return (
    <Card>
      <header className="px-5 pt-5">
        <h2 className="text-lg font-bold">{t('banks.simulator')}</h2>
        <p className="text-sm text-muted">{t('banks.simulatorText')}</p>
      </header>
      {banks === undefined ? (
        <Skeleton className="m-5 h-64" />
      ) : (
        <ul className="divide-y divide-line">
          {banks.map((bank) => (
            <SimulatedBankRow key={bank.name} bank={bank} />
          ))}
        </ul>
      )}
    </Card>
  );
}

export function BanksPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { data: breakers } = useQuery(useAdminQueries().breakers());
  return (
    <>
      <PageHeader title={app('nav.banks')} description={t('banks.about')} />
      <div className="grid gap-6">
        <Card>
          <h2 className="px-5 pt-5 pb-2 text-lg font-bold">{t('banks.breakers')}</h2>
          {breakers === undefined && <Skeleton className="m-5 h-24" />}
          {breakers?.length === 0 && <p className="px-5 pb-5 text-muted">{t('banks.none')}</p>}
          {breakers !== undefined && <Breakers breakers={breakers} />}
        </Card>
        {banksAreSimulated() && may(me, 'control-banks') && <Simulator />}
      </div>
    </>
  );
}
