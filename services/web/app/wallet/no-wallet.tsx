import { Link } from '@tanstack/react-router';
import { WalletCards } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { buttonClasses } from '../ui/button.tsx';
import { Card, EmptyState } from '../ui/surfaces.tsx';

/** Money can't be moved before there is a wallet. */
export function NoWallet() {
  const { t } = useTranslation();
  return (
    <Card>
      <EmptyState
        icon={<WalletCards className="size-6" aria-hidden />}
        title={t('home.firstTitle')}
        text={t('home.firstText')}
      >
        <Link to="/" className={buttonClasses()}>
          {t('nav.home')}
        </Link>
      </EmptyState>
    </Card>
  );
}
