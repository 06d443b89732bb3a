import { useSuspenseQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { LENT_SCOPES, type LentScope } from '../api/lent-scopes.ts';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { NotProven, useStepUp } from '../settings/use-step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { SelectField } from '../ui/select-field.tsx';
import { Notice } from '../ui/surfaces.tsx';

const SCOPE_TEXTS = {
  'wallets:read': 'developer.scope.walletsRead',
  'wallets:write': 'developer.scope.walletsWrite',
  'transactions:read': 'developer.scope.transactionsRead',
  'transactions:write': 'developer.scope.transactionsWrite',
  webhooks: 'developer.scope.webhooks',
} as const satisfies Record<LentScope, string>;

const DAYS = [30, 90, 365] as const;

interface Fields {
  name: string;
  scopes: LentScope[];
  days: string;
}

interface CreateApiKeyDialogProps {
  onClose(): void;
  onCreated(secret: string): void;
}

/** Makes a key; whoever found an open screen is asked for the password first. */
export default function CreateApiKeyDialog({ onClose, onCreated }: CreateApiKeyDialogProps) {
  const { t } = useTranslation('more');
  const { t: app } = useTranslation();
  const { api, queries } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const { withProof, question } = useStepUp(me.twoFactor);
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    defaultValues: { name: '', scopes: ['wallets:read', 'transactions:read'], days: '90' },
  });
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async ({ name, scopes, days }) => {
    setProblem(undefined);
    const body = { name: name.trim(), scopes, expiresInDays: Number(days) };
    try {
      const made = await withProof(() => api.call('POST /v1/me/api-keys', { body }));
      onCreated(made.clientSecret);
    } catch (error) {
      if (!(error instanceof NotProven)) setProblem(problemText(error));
    }
  });
  return (
    <>
      <Dialog
        open
        onOpenChange={(open) => open || onClose()}
        title={t('developer.newKey')}
        description={t('developer.newKeyText')}
      >
        <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
          {problem !== undefined && (
            <Notice tone="danger" urgent>
              {problem}
            </Notice>
          )}
          <TextField
            {...register('name', {
              maxLength: 100,
              validate: (name) => name.trim() !== '' || app('form.required'),
            })}
            label={t('developer.keyName')}
            hint={t('developer.keyNameHint')}
            autoComplete="off"
            error={errors.name?.message}
          />
          <fieldset className="grid gap-1">
            <legend className="mb-1.5 text-sm font-semibold">{t('developer.may')}</legend>
            {LENT_SCOPES.map((scope) => (
              <label key={scope} className="flex min-h-8 cursor-pointer items-center gap-3 text-sm">
                <input
                  {...register('scopes', {
                    validate: (scopes) => scopes.length > 0 || t('developer.needsScope'),
                  })}
                  type="checkbox"
                  value={scope}
                  className="size-4 accent-(--brand)"
                />
                {t(SCOPE_TEXTS[scope])}
              </label>
            ))}
            {errors.scopes?.message !== undefined && (
              <p role="alert" className="text-sm font-medium text-danger">
                {errors.scopes.message}
              </p>
            )}
          </fieldset>
          <SelectField {...register('days')} label={t('developer.endsAfter')}>
            {DAYS.map((days) => (
              <option key={days} value={days}>
                {t('developer.days', { count: days })}
              </option>
            ))}
          </SelectField>
          <Button type="submit" busy={isSubmitting}>
            {t('developer.makeKey')}
          </Button>
        </form>
      </Dialog>
      {question}
    </>
  );
}
