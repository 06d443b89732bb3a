import type { changePasswordBody } from '@florin/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useParts } from '../api/parts.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';

type Fields = z.input<typeof changePasswordBody>;

export function PasswordSettings() {
  const { t } = useTranslation();
  const { api } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState, reset } = useForm<Fields>({
    resolver: schemaResolver(t, (schemas) => schemas.changePasswordBody),
  });
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async (body) => {
    setProblem(undefined);
    try {
      await api.call('POST /v1/me/password', { body });
      reset();
      showToast({ tone: 'ok', title: t('passwordChange.done') });
      await queryClient.invalidateQueries({ queryKey: ['sessions'] });
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <SettingsSection title={t('passwordChange.title')} text={t('passwordChange.text')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <TextField
          {...register('currentPassword')}
          type="password"
          label={t('passwordChange.current')}
          autoComplete="current-password"
          error={errors.currentPassword?.message}
        />
        <TextField
          {...register('newPassword')}
          type="password"
          label={t('passwordChange.new')}
          hint={t('signUp.passwordHint')}
          autoComplete="new-password"
          error={errors.newPassword?.message}
        />
        <Button type="submit" look="secondary" busy={isSubmitting} className="justify-self-start">
          {t('passwordChange.submit')}
        </Button>
      </form>
    </SettingsSection>
  );
}
