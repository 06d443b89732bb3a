import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type english from './en.ts';
import type englishConsole from './en-console.ts';
import type englishControl from './en-control.ts';
import type englishMore from './en-more.ts';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Texts of the wallet and of its pages that few open, of the console and of what steers. */
type Namespace = 'app' | 'more' | 'console' | 'control';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: {
      app: typeof english;
      more: typeof englishMore;
      console: typeof englishConsole;
      control: typeof englishControl;
    };
  }
}

const TEXTS: Record<Language, Record<Namespace, () => Promise<{ default: object }>>> = {
  en: {
    app: () => import('./en.ts'),
    more: () => import('./en-more.ts'),
    console: () => import('./en-console.ts'),
    control: () => import('./en-control.ts'),
  },
  de: {
    app: () => import('./de.ts'),
    more: () => import('./de-more.ts'),
    console: () => import('./de-console.ts'),
    control: () => import('./de-control.ts'),
  },
};

const STORED = 'florin.language';
const loaded = new Set<Namespace>();

const isLanguage = (text: string | null | undefined): text is Language =>
  LANGUAGES.some((language) => language === text);

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return wanted ?? 'en';
}

async function load(language: Language, namespace: Namespace): Promise<void> {
  loaded.add(namespace);
  if (i18next.hasResourceBundle(language, namespace)) return;
  const { default: texts } = await TEXTS[language][namespace]();
  i18next.addResourceBundle(language, namespace, texts);
}

/** Loads texts of the language in use; whoever shows them waits for it. */
export const loadTexts = (namespace: Namespace): Promise<void> =>
  load(i18next.language as Language, namespace);

export async function startI18n(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    defaultNS: 'app',
    ns: ['app'],
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load(language, 'app');
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  for (const namespace of loaded) await load(language, namespace);
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** For Intl: the language in use, in the person's own region when their browser names one. */
export function useLocale(): string {
  const { language } = useTranslation().i18n;
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language;
}
