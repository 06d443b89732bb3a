import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { AppWindow, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { LENT_SCOPES, type LentScope } from '../api/lent-scopes.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { may } from '../session/staff.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ConfirmDialog, Dialog, SecretDialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { Card, EmptyState, PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { useAdminQueries, type Application } from './admin-queries.ts';

interface Fields {
  name: string;
  redirectUri: string;
  scopes: LentScope[];
  confidential: boolean;
}

function RegisterForm({ onDone }: { onDone(secret: string | null): void }) {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const { busy, act } = useAction();
  const required = app('form.required');
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { name: '', redirectUri: '', scopes: ['wallets:read'], confidential: true },
  });
  const { errors } = formState;
  const submit = handleSubmit(async ({ redirectUri, ...rest }) => {
    const body = { ...rest, redirectUris: [redirectUri.trim()] };
    const done = await act(() => api.call('POST /v1/admin/applications', { body }), {
      failed: t('applications.notDone'),
      changes: ['admin'],
    });
    if (done) onDone(done.answer.clientSecret);
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <TextField
        {...register('name', { required })}
        label={app('name')}
        autoComplete="off"
        error={errors.name?.message}
      />
      <TextField
        {...register('redirectUri', { required })}
        type="url"
        label={t('applications.redirect')}
        placeholder="https://example.com/callback"
        autoComplete="off"
        error={errors.redirectUri?.message}
      />
      <fieldset className="grid gap-1">
        <legend className="mb-1.5 text-sm font-semibold">{t('applications.scopes')}</legend>
        {LENT_SCOPES.map((scope) => (
          <label key={scope} className="flex min-h-8 items-center gap-3 text-sm">
            <input
              {...register('scopes', { required })}
              type="checkbox"
              value={scope}
              className="size-4 accent-(--brand)"
            />
            {scope}
          </label>
        ))}
      </fieldset>
      <label className="flex min-h-8 items-center gap-3 text-sm">
        <input {...register('confidential')} type="checkbox" className="size-4 accent-(--brand)" />
        {t('applications.confidential')}
      </label>
      <Button type="submit" busy={busy}>
        {t('applications.register')}
      </Button>
    </form>
  );
}

function ApplicationRow({
  application,
  changeable,
}: {
  application: Application;
  changeable: boolean;
}) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const { api } = useParts();
  const { busy, act } = useAction();
  const [asking, setAsking] = useState(false);
  const { id, clientId, name, redirectUris, scopes, createdAt } = application;
  const remove = async (): Promise<void> => {
    await act(() => api.call('DELETE /v1/admin/applications/{id}', { path: { id } }), {
      done: t('applications.removed'),
      failed: t('applications.notDone'),
      changes: ['admin'],
    });
    setAsking(false);
  };
  return (
    <li className="flex items-start gap-4 p-5">
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="font-semibold">{name}</p>
        <p className="font-mono text-xs wrap-anywhere text-muted">{clientId}</p>
        <p className="text-sm wrap-anywhere text-muted">{redirectUris.join(', ')}</p>
        <div className="flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <Pill key={scope}>{scope}</Pill>
          ))}
        </div>
        <p className="text-sm text-muted">{formatShort(createdAt, locale)}</p>
      </div>
      {changeable && (
        <IconButton label={t('applications.remove', { name })} onClick={() => setAsking(true)}>
          <Trash2 className="size-5" aria-hidden />
        </IconButton>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('applications.ask', { name })}
        description={t('applications.askText')}
        confirm={t('applications.removeIt')}
        danger
        busy={busy}
        onConfirm={() => void remove()}
      />
    </li>
  );
}

/** Third parties that may ask people to let them act. */
export function ApplicationsPage() {
  const { t } = useTranslation('console');
  const { t: app } = useTranslation();
  const { queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { data: applications } = useQuery(useAdminQueries().applications());
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const changeable = may(me, 'change-applications');
  return (
    <div className="max-w-3xl">
      <PageHeader
        title={app('nav.applications')}
        description={t('applications.about')}
        actions={
          changeable && (
            <Button
              onClick={() => setCreating(true)}
              icon={<Plus className="size-4.5" aria-hidden />}
            >
              {t('applications.new')}
            </Button>
          )
        }
      />
      {applications === undefined && <Skeleton className="h-40 rounded-card" />}
      {applications !== undefined && (
        <Card>
          {applications.length === 0 && (
            <EmptyState
              icon={<AppWindow className="size-6" aria-hidden />}
              title={t('applications.none')}
              text={t('applications.noneText')}
            />
          )}
          <ul className="divide-y divide-line">
            {applications.map((application) => (
              <ApplicationRow
                key={application.clientId}
                application={application}
                changeable={changeable}
              />
            ))}
          </ul>
        </Card>
      )}
      <Dialog open={creating} onOpenChange={setCreating} title={t('applications.new')}>
        <RegisterForm
          onDone={(made) => {
            setCreating(false);
            if (made !== null) setSecret(made);
          }}
        />
      </Dialog>
      {secret !== undefined && (
        <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
      )}
    </div>
  );
}
