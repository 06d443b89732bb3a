import type { webhookBody } from '@florin/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { Notice } from '../ui/surfaces.tsx';

type Fields = z.input<typeof webhookBody>;
type Order = z.output<typeof webhookBody>;
type EventType = NonNullable<Fields['eventTypes']>[number];

interface CreateWebhookDialogProps {
  onClose(): void;
  onCreated(secret: string): void;
}

/** Names of events come with the schemas, which no page loads before it needs them. */
const loadEventTypes = async (): Promise<EventType[]> =>
  (await import('@florin/contracts')).WEBHOOK_EVENTS.filter((name) => name !== 'test');

interface EventChoiceProps {
  chosen: readonly EventType[];
  onChoose(chosen: EventType[]): void;
}

function EventChoice({ chosen, onChoose }: EventChoiceProps) {
  const { data: names = [] } = useQuery({
    queryKey: ['webhook-event-types'],
    queryFn: loadEventTypes,
    staleTime: Infinity,
  });
  return (
    <ul className="grid max-h-52 gap-1 overflow-y-auto rounded-control bg-sunken p-3" tabIndex={-1}>
      {names.map((name) => (
        <li key={name}>
          <label className="flex min-h-8 cursor-pointer items-center gap-3 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--brand)"
              checked={chosen.includes(name)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
              }
            />
            {name}
          </label>
        </li>
      ))}
    </ul>
  );
}

const WAYS = ['everything', 'some'] as const;

export default function CreateWebhookDialog({ onClose, onCreated }: CreateWebhookDialogProps) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const [way, setWay] = useState<(typeof WAYS)[number]>('everything');
  const [chosen, setChosen] = useState<EventType[]>([]);
  const { register, handleSubmit, formState } = useForm<Fields, unknown, Order>({
    resolver: schemaResolver(app, (schemas) => schemas.webhookBody),
    defaultValues: { url: '' },
  });
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async ({ url, description }) => {
    setProblem(undefined);
    const eventTypes = way === 'everything' ? [] : chosen;
    const body = { url, eventTypes, ...(description ? { description } : {}) };
    try {
      onCreated((await api.call('POST /v1/webhooks', { body })).secret);
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('developer.create')}
      description={t('developer.createText')}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <TextField
          {...register('url')}
          type="url"
          label={t('developer.url')}
          placeholder="https://example.com/florin"
          autoComplete="off"
          error={errors.url?.message}
        />
        <TextField
          {...register('description', { setValueAs: (text: string) => text || undefined })}
          label={t('developer.description')}
          hint={t('developer.descriptionHint')}
          autoComplete="off"
          error={errors.description?.message}
        />
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-sm font-semibold">{t('developer.events')}</legend>
          {WAYS.map((one) => (
            <label
              key={one}
              className={joinClasses('flex min-h-8 cursor-pointer items-center gap-3 text-sm')}
            >
              <input
                type="radio"
                name="way"
                className="size-4 accent-(--brand)"
                checked={way === one}
                onChange={() => setWay(one)}
              />
              {t(`developer.${one}`)}
            </label>
          ))}
          {way === 'some' && <EventChoice chosen={chosen} onChoose={setChosen} />}
        </fieldset>
        <Button type="submit" busy={isSubmitting}>
          {t('developer.add')}
        </Button>
      </form>
    </Dialog>
  );
}
