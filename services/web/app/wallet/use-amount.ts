import type { Currency } from '@florin/kernel';
import { useTranslation } from 'react-i18next';
import { parseMoney } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';

/** How forms read amounts of a currency, and what they say about those that are none. */
export function useAmount(currency: Currency) {
  const { t } = useTranslation();
  const locale = useLocale();
  /** Minor units; undefined for what is no amount, nothing among it. */
  const read = (text: string): string | undefined => {
    const amount = parseMoney(text, currency, locale);
    return amount.ok ? String(amount.value) : undefined;
  };
  const validate = (text: string): true | string => {
    const amount = parseMoney(text, currency, locale);
    return amount.ok || t(`amount.${amount.error}`);
  };
  return {
    read,
    required: { validate },
    optional: { validate: (text: string) => text.trim() === '' || validate(text) },
  };
}
