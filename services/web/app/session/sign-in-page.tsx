import type { loginBody } from '@florin/contracts';
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

type Fields = z.input<typeof loginBody>;

export function SignInPage() {
  const { t } = useTranslation();
  const { session } = useParts();
  const search = useSearch({ from: '/public' });
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const [asksForCode, setAsksForCode] = useState(false);
  const { register, handleSubmit, formState } = useForm<Fields>({
    resolver: schemaResolver(t, (schemas) => schemas.loginBody),
    shouldUnregister: true,
  });
  const { errors, isSubmitting } = formState;

  async function signIn(fields: Fields): Promise<void> {
    setProblem(undefined);
    try {
      await session.signIn(fields);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'two-factor-required') setAsksForCode(true);
      // The first time it is a question, not a mistake.
      const wrong = asksForCode && code === 'invalid-credentials';
      if (wrong) setProblem(t('signIn.wrongCode'));
      else if (code !== 'two-factor-required' || asksForCode) setProblem(problemText(error));
    }
  }

  return (
    <WelcomeLayout
      title={t('signIn.title')}
      text={
        <>
          {t('signIn.stranger')}{' '}
          <Link to="/sign-up" search={search} className="font-semibold text-brand underline">
            {t('signIn.signUp')}
          </Link>
        </>
      }
    >
      <form
        onSubmit={(event) => void handleSubmit(signIn)(event)}
        noValidate
        className="grid gap-5"
      >
        {problem !== undefined && (
          <Notice tone="danger" urgent>
            {problem}
          </Notice>
        )}
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
          autoComplete="current-password"
          error={errors.password?.message}
        />
        {asksForCode && (
          <TextField
            {...register('totp')}
            label={t('signIn.code')}
            hint={t('signIn.codeHint')}
            autoComplete="one-time-code"
            autoFocus
            error={errors.totp?.message}
          />
        )}
        <Link
          to="/forgot-password"
          search={{}}
          className="-my-2 justify-self-start py-1 text-sm font-semibold text-brand underline"
        >
          {t('signIn.forgot')}
        </Link>
        <Button type="submit" size="large" busy={isSubmitting}>
          {t('signIn.submit')}
        </Button>
      </form>
    </WelcomeLayout>
  );
}
