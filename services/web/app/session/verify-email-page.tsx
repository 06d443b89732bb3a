import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { buttonClasses } from '../ui/button.tsx';
import { Notice } from '../ui/surfaces.tsx';
import { letterToken } from './letter-token.ts';
import { WelcomeLayout } from './welcome-layout.tsx';

/** Where the link of a letter leads: the address is confirmed by opening it. */
export function VerifyEmailPage() {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const token = letterToken();
  const { isPending, error } = useQuery({
    queryKey: ['verify-email'],
    queryFn: async () => {
      await api.call('POST /v1/auth/email/verify', { body: { token } });
      return true;
    },
    enabled: token !== '',
    staleTime: Infinity,
  });
  return (
    <WelcomeLayout title={t('verify.title')} text={t('verify.text')}>
      {token === '' && <Notice tone="danger">{t('problem.invalid-token')}</Notice>}
      {isPending && token !== '' && (
        <p role="status" className="flex items-center gap-2">
          <LoaderCircle className="size-5 animate-spin" aria-hidden />
          {t('loading')}
        </p>
      )}
      {error && (
        <Notice tone="danger" urgent>
          {problemText(error)}
        </Notice>
      )}
      {!isPending && !error && (
        <Notice tone="ok" urgent icon={<CircleCheck className="size-5 shrink-0" aria-hidden />}>
          {t('verify.done')}
        </Notice>
      )}
      <Link to="/" className={buttonClasses('primary', 'large')}>
        {t('notFound.home')}
      </Link>
    </WelcomeLayout>
  );
}
