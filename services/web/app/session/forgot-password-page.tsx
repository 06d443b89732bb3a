import type { emailBody } from '@florin/contracts';
import { Link } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
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
import { WelcomeLayout } from './welcome-layout.tsx';

export function ForgotPasswordPage() {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const [sent, setSent] = useState(false);
  const { register, handleSubmit, formState } = useForm<z.input<typeof emailBody>>({
    resolver: schemaResolver(t, (schemas) => schemas.emailBody),
  });
  const submit = handleSubmit(async (body) => {
    setProblem(undefined);
    try {
      await api.call('POST /v1/auth/password/forgot', { body });
      setSent(true);
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <WelcomeLayout
      title={t('forgot.title')}
      text={
        <Link to="/sign-in" search={{}} className="font-semibold text-brand underline">
          {t('forgot.back')}
        </Link>
      }
    >
      {sent ? (
        <Notice tone="ok" urgent icon={<MailCheck className="size-5 shrink-0" aria-hidden />}>
          {t('forgot.sent')}
        </Notice>
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
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
            error={formState.errors.email?.message}
          />
          <Button type="submit" size="large" busy={formState.isSubmitting}>
            {t('forgot.submit')}
          </Button>
        </form>
      )}
    </WelcomeLayout>
  );
}
