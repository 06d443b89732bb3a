import { useQuery, useQueryClient } from '@tanstack/react-query';
import { BookOpen, Plus, Webhook as WebhookIcon } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { SecretDialog } from '../ui/on-demand.tsx';
import { Card, EmptyState, PageHeader, Skeleton } from '../ui/surfaces.tsx';
import { ApiKeys } from './api-keys.tsx';
import { WebhookCard } from './webhook-card.tsx';

const CreateWebhookDialog = lazy(() => import('./create-webhook-dialog.tsx'));

/** What somebody needs who builds upon their own wallets. */
export function DeveloperPage() {
  const { t } = useTranslation('more');
  const { queries } = useParts();
  const queryClient = useQueryClient();
  const { data: webhooks } = useQuery(queries.webhooks());
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<string>();
  const create = (
    <Button onClick={() => setCreating(true)} icon={<Plus className="size-4.5" aria-hidden />}>
      {t('developer.create')}
    </Button>
  );
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title={t('developer.title')}
        description={t('developer.about')}
        actions={
          <a href="/docs" className={buttonClasses('secondary')}>
            <BookOpen className="size-4.5" aria-hidden />
            {t('developer.docs')}
          </a>
        }
      />
      <ApiKeys />
      <div className="mt-8 mb-3 flex min-h-11 flex-wrap items-center justify-between gap-4">
        <h2 className="text-lg font-bold">{t('developer.webhooks')}</h2>
        {webhooks !== undefined && webhooks.length > 0 && create}
      </div>
      {webhooks === undefined && <Skeleton className="h-40 rounded-card" />}
      {webhooks?.length === 0 && (
        <Card>
          <EmptyState
            icon={<WebhookIcon className="size-6" aria-hidden />}
            title={t('developer.none')}
            text={t('developer.noneText')}
          >
            {create}
          </EmptyState>
        </Card>
      )}
      <div className="grid gap-4">
        {webhooks?.map((webhook) => (
          <WebhookCard key={webhook.id} webhook={webhook} onSecret={setSecret} />
        ))}
      </div>
      {creating && (
        <Suspense>
          <CreateWebhookDialog
            onClose={() => setCreating(false)}
            onCreated={(made) => {
              setCreating(false);
              setSecret(made);
              void queryClient.invalidateQueries({ queryKey: queries.webhooks().queryKey });
            }}
          />
        </Suspense>
      )}
      {secret !== undefined && (
        <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />
      )}
    </div>
  );
}
