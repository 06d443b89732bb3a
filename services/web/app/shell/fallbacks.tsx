import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { CloudOff, MapPinOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonClasses } from '../ui/button.tsx';
import { EmptyState, Skeleton } from '../ui/surfaces.tsx';

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <EmptyState
        icon={<MapPinOff className="size-6" aria-hidden />}
        title={t('notFound.title')}
        text={t('notFound.text')}
      >
        <Link to="/" className={buttonClasses()}>
          {t('notFound.home')}
        </Link>
      </EmptyState>
    </main>
  );
}

/**
 * A page that could not be made, mostly for want of a connection: it is tried again when that is
 * back, or on request.
 */
export function FaultPage({ reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const again = (): void => {
    reset();
    void router.invalidate();
  };
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    const retry = (): void => latest.current();
    addEventListener('online', retry);
    return () => removeEventListener('online', retry);
  }, []);
  return (
    <main className="grid min-h-[70dvh] place-items-center">
      <EmptyState
        icon={<CloudOff className="size-6" aria-hidden />}
        title={t('fault.title')}
        text={t('fault.text')}
      >
        <Button onClick={again}>{t('retry')}</Button>
      </EmptyState>
    </main>
  );
}

export function PagePending() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')} className="grid gap-4">
      <Skeleton className="h-9 w-56" />
      <Skeleton className="h-44 w-full rounded-card" />
      <Skeleton className="h-72 w-full rounded-card" />
    </div>
  );
}
