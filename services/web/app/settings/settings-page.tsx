import { useSuspenseQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CodeXml, LogOut } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useParts } from '../api/parts.ts';
import { changeLanguage, LANGUAGES, type Language } from '../i18n/start-i18n.ts';
import { chooseTheme, THEMES, useTheme } from '../shell/theme.ts';
import { Button, buttonClasses } from '../ui/button.tsx';
import { joinClasses } from '../ui/join-classes.ts';
import { PageHeader, Pill, Skeleton } from '../ui/surfaces.tsx';
import { whenIdle } from '../ui/when-idle.ts';
import { PasswordSettings } from './password-settings.tsx';
import { SessionSettings } from './session-settings.tsx';
import { SettingsSection } from './settings-section.tsx';
import { VerificationSettings } from './verification-settings.tsx';

// What asks in dialogs, and what nobody sees without scrolling, comes after the rest.
const NotificationSettings = lazy(() =>
  whenIdle().then(() => import('./notification-settings.tsx')),
);
const PrivacySettings = lazy(() => whenIdle().then(() => import('./privacy-settings.tsx')));
const TwoFactorSettings = lazy(() => whenIdle().then(() => import('./two-factor-settings.tsx')));

interface ChoiceProps<T extends string> {
  legend: string;
  name: string;
  options: readonly T[];
  value: T;
  labelOf(option: T): string;
  onChange(option: T): void;
}

function Choice<T extends string>(props: ChoiceProps<T>) {
  const { legend, name, options, value, labelOf, onChange } = props;
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-semibold">{legend}</legend>
      <div
        className={joinClasses(
          'grid auto-cols-fr grid-flow-col gap-1 rounded-control bg-sunken p-1',
          'sm:max-w-sm',
        )}
      >
        {options.map((option) => (
          <label
            key={option}
            className={joinClasses(
              'flex min-h-10 cursor-pointer items-center',
              'justify-center rounded-lg px-2 text-sm font-semibold',
              'has-focus-visible:outline-2 has-focus-visible:outline-brand',
              option === value ? 'bg-surface text-ink shadow-card' : 'text-muted',
            )}
          >
            <input
              type="radio"
              name={name}
              checked={option === value}
              onChange={() => onChange(option)}
              className="sr-only"
            />
            {labelOf(option)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const OWN_NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <SettingsSection title={t('settings.appearance')} text={t('settings.appearanceText')}>
      <Choice
        legend={t('settings.theme')}
        name="theme"
        options={THEMES}
        value={theme}
        labelOf={(option) => t(`settings.themes.${option}`)}
        onChange={chooseTheme}
      />
      <Choice
        legend={t('settings.language')}
        name="language"
        options={LANGUAGES}
        value={i18n.language as Language}
        labelOf={(option) => OWN_NAMES[option]}
        onChange={(language) => void changeLanguage(language)}
      />
    </SettingsSection>
  );
}

function Profile() {
  const { t } = useTranslation();
  const { queries, session } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const navigate = useNavigate();
  /** Signed out here whatever the server says; and whoever comes next begins at the beginning. */
  async function signOut(): Promise<void> {
    await session.signOut().catch(() => undefined);
    await navigate({ to: '/sign-in', search: {}, replace: true });
  }
  return (
    <SettingsSection title={t('settings.profile')} text={t('settings.profileText')}>
      <dl className="grid gap-3 text-sm max-sm:[&_dd]:-mt-2.5 sm:grid-cols-[10rem_1fr]">
        <dt className="text-muted">{t('name')}</dt>
        <dd className="font-medium">{me.name}</dd>
        <dt className="text-muted">{t('email')}</dt>
        <dd className="font-medium wrap-anywhere">{me.email}</dd>
        <dt className="text-muted">{t('settings.kyc')}</dt>
        <dd>
          <Pill tone={me.kycLevel > 0 ? 'ok' : 'neutral'}>
            {t('settings.kycLevel', { level: me.kycLevel })}
          </Pill>
        </dd>
      </dl>
      <Button
        look="secondary"
        className="justify-self-start"
        icon={<LogOut className="size-4.5" aria-hidden />}
        onClick={() => void signOut()}
      >
        {t('settings.signOut')}
      </Button>
    </SettingsSection>
  );
}

export function SettingsPage() {
  const { t } = useTranslation();
  return (
    <div className="mx-auto max-w-2xl">
      <PageHeader title={t('nav.settings')} />
      <div className="grid gap-6">
        <Profile />
        <VerificationSettings />
        <Appearance />
        <Suspense fallback={<Skeleton className="h-40 rounded-card" />}>
          <TwoFactorSettings />
        </Suspense>
        <PasswordSettings />
        <SessionSettings />
        <Suspense fallback={<Skeleton className="h-200 rounded-card" />}>
          <NotificationSettings />
        </Suspense>
        <SettingsSection title={t('nav.developer')} text={t('settings.developerText')}>
          <Link to="/developer" className={`${buttonClasses('secondary')} justify-self-start`}>
            <CodeXml className="size-4.5" aria-hidden />
            {t('nav.developer')}
          </Link>
        </SettingsSection>
        <Suspense fallback={<Skeleton className="h-40 rounded-card" />}>
          <PrivacySettings />
        </Suspense>
      </div>
    </div>
  );
}
