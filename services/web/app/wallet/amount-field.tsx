import { exponentOf, type Currency } from '@florin/kernel';
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { symbolOf } from '../format/money.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { controlClasses, FieldFrame } from '../ui/field.tsx';
import { joinClasses } from '../ui/join-classes.ts';

interface AmountFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  currency: Currency;
  hint?: ReactNode;
  error?: string | undefined;
  ref?: Ref<HTMLInputElement>;
}

/** An amount as people write it; the currency stands before it and is not typed. */
export function AmountField({ label, currency, hint, error, ...rest }: AmountFieldProps) {
  const locale = useLocale();
  const digits = exponentOf(currency);
  const example = new Intl.NumberFormat(locale, { minimumFractionDigits: digits }).format(0);
  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <span
          className={joinClasses(
            controlClasses(invalid),
            'flex min-h-16 items-center gap-2.5 text-2xl! font-semibold',
            'has-focus-visible:outline-[2.5px] has-focus-visible:outline-offset-2',
            'has-focus-visible:outline-brand',
          )}
        >
          <span aria-hidden className="text-muted">
            {symbolOf(currency, locale)}
          </span>
          <input
            {...rest}
            id={id}
            inputMode="decimal"
            autoComplete="off"
            placeholder={example}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            className={joinClasses(
              'tabular w-full min-w-0 flex-1 bg-transparent py-2 outline-none',
              'placeholder:text-muted/70',
            )}
          />
        </span>
      )}
    </FieldFrame>
  );
}
