import type { ItemOf } from '@florin/client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Known } from '../api/api-client.ts';
import { useAction } from '../api/use-action.ts';
import { useParts } from '../api/parts.ts';
import { formatRelative, formatShort } from '../format/dates.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { ConfirmDialog, SecretDialog } from '../ui/on-demand.tsx';
import { Card, Pill, Skeleton } from '../ui/surfaces.tsx';

const CreateApiKeyDialog = lazy(() => import('./create-api-key-dialog.tsx'));

type ApiKey = Known<ItemOf<'GET /v1/me/api-keys'>>;

function KeyRow({ apiKey, onRemove }: { apiKey: ApiKey; onRemove(): void }) {
  const { t } = useTranslation('more');
  const locale = useLocale();
  const { name, clientId, scopes, lastUsedAt, expiresAt } = apiKey;
  const used =
    lastUsedAt === null
      ? t('developer.unused')
      : t('developer.used', { time: formatRelative(lastUsedAt, locale) });
  const ends = t('developer.ends', { date: formatShort(expiresAt, locale) });
  return (
    <li className="flex items-start gap-4 py-4">
      <div className="grid min-w-0 flex-1 gap-1.5">
        <p className="font-semibold wrap-anywhere">{name}</p>
        <p className="font-mono text-xs wrap-anywhere text-muted">{clientId}</p>
        <div className="flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <Pill key={scope}>{scope}</Pill>
          ))}
        </div>
        <p className="text-sm text-muted">{`${used} · ${ends}`}</p>
      </div>
      <IconButton label={t('developer.removeKey', { name })} onClick={onRemove}>
        <Trash2 className="size-5" aria-hidden />
      </IconButton>
    </li>
  );
}

function RemoveDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose(): void }) {
  const { t } = useTranslation('more');
  const { api } = useParts();
  const { busy, act } = useAction();
  const { id, name } = apiKey;
  async function remove(): Promise<void> {
    await act(() => api.call('DELETE /v1/me/api-keys/{id}', { path: { id } }), {
      done: t('developer.keyRemoved'),
      failed: t('developer.failed'),
      changes: ['api-keys'],
    });
    onClose();
  }
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('developer.askRemoveKey', { name })}
      description={t('developer.askRemoveKeyText')}
      confirm={t('developer.remove')}
      danger
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}

/** What somebody's own programs sign in with. */
export function ApiKeys() {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const queryClient = useQueryClient();
  const { data: keys } = useQuery(queries.apiKeys());
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [removing, setRemoving] = useState<ApiKey>();
  return (
    <Card className="grid gap-2 p-5">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <header className="min-w-52 flex-1">
          <h2 className="text-lg font-bold">{t('developer.keys')}</h2>
          <p className="text-sm text-muted">{t('developer.keysText')}</p>
        </header>
        <Button
          look="secondary"
          onClick={() => setCreating(true)}
          icon={<Plus className="size-4.5" aria-hidden />}
        >
          {t('developer.newKey')}
        </Button>
      </div>
      {keys === undefined && <Skeleton className="h-12" />}
      {keys?.length === 0 && <p className="py-3 text-sm text-muted">{t('developer.noKeys')}</p>}
      <ul className="divide-y divide-line">
        {keys?.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRemove={() => setRemoving(key)} />
        ))}
      </ul>
      {creating && (
        <Suspense>
          <CreateApiKeyDialog
            onClose={() => setCreating(false)}
            onCreated={(made) => {
              setCreating(false);
              setSecret(made);
              void queryClient.invalidateQueries({ queryKey: queries.apiKeys().queryKey });
            }}
          />
        </Suspense>
      )}
      {secret !== undefined && (
        <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
      )}
      {removing && <RemoveDialog apiKey={removing} onClose={() => setRemoving(undefined)} />}
    </Card>
  );
}
