import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '../shell/logo.tsx';
import { OfflineNotice } from '../shell/offline-notice.tsx';
import { Guilloche } from '../wallet/guilloche.tsx';
import { joinClasses } from '../ui/join-classes.ts';

interface WelcomeLayoutProps {
  title: string;
  text: ReactNode;
  children: ReactNode;
}

/** The pages before signing in: what Florin is beside what is asked for. */
export function WelcomeLayout({ title, text, children }: WelcomeLayoutProps) {
  const { t } = useTranslation();
  return (
    <div className="grid min-h-dvh lg:grid-cols-[1.1fr_1fr]">
      <aside
        className={joinClasses(
          'relative hidden overflow-hidden bg-[#0a5847] p-12 text-white lg:flex',
          'lg:flex-col lg:justify-between',
        )}
      >
        <Guilloche seed="EUR" className="absolute -right-1/3 -top-24 w-[115%] text-white/25" />
        <p className="relative flex items-center gap-3 text-lg font-bold">
          <Logo className="size-10" />
          Florin
        </p>
        <div className="relative grid max-w-lg gap-4">
          <p className="text-3xl leading-[1.1] font-bold tracking-tight text-balance">
            {t('welcome.claim')}
          </p>
          <p className="text-lg text-white/85">{t('welcome.promise')}</p>
        </div>
      </aside>
      <div className="flex min-w-0 flex-col">
        <OfflineNotice />
        <main className="mx-auto grid w-full max-w-md flex-1 content-center gap-6 px-5 py-10">
          <Logo className="size-12 lg:hidden" />
          <div className="grid gap-1">
            <h1 className="text-2xl font-bold tracking-tight">{title}</h1>
            <p className="text-muted">{text}</p>
          </div>
          {children}
        </main>
      </div>
    </div>
  );
}
