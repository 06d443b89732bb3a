import type { registerBody } from '@florin/contracts';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { codeOf } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { WelcomeLayout } from './welcome-layout.tsx';

type Fields = z.input<typeof registerBody>;

export function SignUpPage() {
  const { t } = useTranslation();
  const { session, api } = useParts();
  const search = useSearch({ from: '/public' });
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    resolver: schemaResolver(t, (schemas) => schemas.registerBody),
  });
  const { errors, isSubmitting } = formState;

  /** An address in use is not told apart by the API; then only signing in fails. */
  async function signUp(fields: Fields): Promise<void> {
    setProblem(undefined);
    const { email, password } = fields;
    try {
      await api.call('POST /v1/auth/register', { body: fields });
      await session.signIn({ email, password });
    } catch (error) {
      const taken = ['invalid-credentials', 'two-factor-required'].includes(codeOf(error) ?? '');
      setProblem(taken ? t('signUp.taken') : problemText(error));
    }
  }

  return (
    <WelcomeLayout
      title={t('signUp.title')}
      text={
        <>
          {t('signUp.known')}{' '}
          <Link to="/sign-in" search={search} className="font-semibold text-brand underline">
            {t('signUp.signIn')}
          </Link>
        </>
      }
    >
      <form
        onSubmit={(event) => void handleSubmit(signUp)(event)}
        noValidate
        className="grid gap-5"
      >
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
        <TextField
          {...register('name')}
          label={t('name')}
          autoComplete="name"
          error={errors.name?.message}
        />
        <TextField
          {...register('email')}
          label={t('email')}
          type="email"
          autoComplete="username"
          error={errors.email?.message}
        />
        <TextField
          {...register('password')}
          label={t('password')}
          type="password"
          autoComplete="new-password"
          hint={t('signUp.passwordHint')}
          error={errors.password?.message}
        />
        <Button type="submit" size="large" busy={isSubmitting}>
          {t('signUp.submit')}
        </Button>
      </form>
    </WelcomeLayout>
  );
}
