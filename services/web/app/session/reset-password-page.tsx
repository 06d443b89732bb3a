import type { resetPasswordBody } from '@florin/contracts';
import { useNavigate } from '@tanstack/react-router';
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
import { letterToken } from './letter-token.ts';
import { WelcomeLayout } from './welcome-layout.tsx';

type Fields = Pick<z.output<typeof resetPasswordBody>, 'newPassword'>;

export function ResetPasswordPage() {
  const { t } = useTranslation();
  const { api } = useParts();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    resolver: schemaResolver<Fields, Fields>(t, ({ resetPasswordBody }) =>
      resetPasswordBody.pick({ newPassword: true }),
    ),
  });
  const submit = handleSubmit(async ({ newPassword }) => {
    setProblem(undefined);
    try {
      const body = { token: letterToken(), newPassword };
      await api.call('POST /v1/auth/password/reset', { body });
      showToast({ tone: 'ok', title: t('passwordChange.done') });
      await navigate({ to: '/sign-in', search: {} });
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <WelcomeLayout title={t('reset.title')} text={t('reset.text')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <TextField
          {...register('newPassword')}
          label={t('passwordChange.new')}
          type="password"
          autoComplete="new-password"
          hint={t('signUp.passwordHint')}
          error={formState.errors.newPassword?.message}
        />
        <Button type="submit" size="large" busy={formState.isSubmitting}>
          {t('passwordChange.submit')}
        </Button>
      </form>
    </WelcomeLayout>
  );
}
