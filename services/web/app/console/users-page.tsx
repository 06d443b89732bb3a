import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Role } from '@florin/contracts';
import { Search, UserRound, WalletCards } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { may } from '../session/staff.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { Card, EmptyState, Notice, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { useAdminQueries, type StaffUser } from './admin-queries.ts';

const ROLES = {
  user: true,
  support: true,
  'risk-analyst': true,
  operator: true,
  admin: true,
  auditor: true,
} satisfies Record<Role, true>;
const ALL_ROLES = Object.keys(ROLES) as Role[];

const sameRoles = (a: readonly Role[], b: readonly Role[]): boolean =>
  a.length === b.length && a.every((role) => b.includes(role));

/** Roles of somebody, to be changed by admins; nobody changes their own. */
function Roles({ user, changeable }: { user: StaffUser; changeable: boolean }) {
  const { t } = useTranslation('console');
  const { api } = useParts();
  const queryClient = useQueryClient();
  const { queryKey } = useAdminQueries().userByEmail(user.email);
  const { busy, act } = useAction();
  const [roles, setRoles] = useState<Role[]>(user.roles);
  const [asking, setAsking] = useState(false);
  async function save(): Promise<void> {
    const call = () =>
      api.call('PUT /v1/admin/users/{id}/roles', { path: { id: user.id }, body: { roles } });
    const done = await act(call, {
      done: t('users.changed'),
      failed: t('users.notChanged'),
      changes: [],
    });
    setAsking(false);
    if (done) queryClient.setQueryData(queryKey, done.answer);
    else setRoles(user.roles);
  }
  return (
    <fieldset className="grid gap-2" disabled={!changeable}>
      <legend className="mb-1.5 text-sm font-semibold">{t('users.roles')}</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {ALL_ROLES.map((role) => (
          <label key={role} className="flex min-h-9 items-center gap-3 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--brand)"
              checked={roles.includes(role)}
              onChange={({ target }) =>
                setRoles(target.checked ? [...roles, role] : roles.filter((one) => one !== role))
              }
            />
            {t(`users.role.${role}`)}
          </label>
        ))}
      </div>
      {changeable && (
        <Button
          className="mt-2 justify-self-start"
          disabled={sameRoles(roles, user.roles) || roles.length === 0}
          onClick={() => setAsking(true)}
        >
          {t('users.save')}
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('users.ask', { name: user.name })}
        description={t('users.askText')}
        confirm={t('users.save')}
        busy={busy}
        onConfirm={() => void save()}
      />
    </fieldset>
  );
}

function Person({ user }: { user: StaffUser }) {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  return (
    <Card className="grid gap-6 p-5 sm:p-6">
      <header className="flex flex-wrap items-center gap-4">
        <span className="grid size-14 place-items-center rounded-full bg-brand-soft text-brand">
          <UserRound className="size-7" aria-hidden />
        </span>
        <div className="min-w-40 flex-1">
          <h2 className="text-lg font-bold">{user.name}</h2>
          <p className="text-muted wrap-anywhere">{user.email}</p>
        </div>
        <Link
          to="/console/wallets"
          search={{ owner: user.id }}
          className={buttonClasses('secondary')}
        >
          <WalletCards className="size-4.5" aria-hidden />
          {t('users.wallets')}
        </Link>
      </header>
      <div className="flex flex-wrap gap-2">
        <Pill tone={user.kycLevel > 0 ? 'ok' : 'neutral'}>
          {app('settings.kycLevel', { level: user.kycLevel })}
        </Pill>
        <Pill tone={user.emailVerified ? 'ok' : 'warn'}>
          {t(user.emailVerified ? 'users.verified' : 'users.unverified')}
        </Pill>
        <Pill tone={user.twoFactor ? 'ok' : 'neutral'}>
          {t(user.twoFactor ? 'users.twoFactor' : 'users.noTwoFactor')}
        </Pill>
      </div>
      <dl className="grid gap-1 text-sm sm:grid-cols-[10rem_1fr]">
        <dt className="text-muted">{t('users.id')}</dt>
        <dd className="font-mono wrap-anywhere">{user.id}</dd>
      </dl>
      <Roles user={user} changeable={may(me, 'change-roles') && me.id !== user.id} />
    </Card>
  );
}

/** People, found by their whole address: addresses are sealed, and nobody leafs through them. */
export function UsersPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const problemText = useProblemText();
  const [typed, setTyped] = useState('');
  const [email, setEmail] = useState('');
  const {
    data: user,
    isFetching,
    error,
  } = useQuery({
    ...useAdminQueries().userByEmail(email),
    enabled: email !== '',
  });
  function search(event: FormEvent): void {
    event.preventDefault();
    setEmail(typed.trim().toLowerCase());
  }
  return (
    <div className="max-w-3xl">
      <PageHeader title={app('nav.users')} description={t('users.about')} />
      <form onSubmit={search} className="mb-6 grid items-end gap-3 sm:grid-cols-[1fr_auto]">
        <TextField
          type="email"
          label={app('email')}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          autoComplete="off"
          required
        />
        <Button
          type="submit"
          busy={isFetching}
          className="min-h-12"
          icon={<Search className="size-4.5" aria-hidden />}
        >
          {t('users.find')}
        </Button>
      </form>
      {error && (
        <Notice tone="danger" urgent>
          {problemText(error)}
        </Notice>
      )}
      {email !== '' && user === undefined && !error && <Skeleton className="h-80 rounded-card" />}
      {user === null && (
        <Card>
          <EmptyState
            icon={<UserRound className="size-6" aria-hidden />}
            title={t('users.none')}
            text={t('users.noneText')}
          />
        </Card>
      )}
      {user && <Person key={user.id} user={user} />}
    </div>
  );
}
