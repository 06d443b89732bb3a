import { bankPaymentBody, transferBody } from '@florin/contracts';
import type { Currency } from '@florin/kernel';
import type { TFunction } from 'i18next';
import { z } from 'zod';
import { parseMoney } from '../format/money.ts';
import { issueText } from '../i18n/issue-text.ts';

interface FormSurroundings {
  t: TFunction;
  locale: string;
  currencyOf(walletId: string): Currency;
}

/** Which field of the form a field of the API's body comes from. */
type FieldOf = (bodyField: string) => string;

/**
 * The API's own schema decides about a form, after the typed amount is read; what it refuses is
 * said beside the field that it came from.
 */
function checkBody(
  context: z.core.ParsePayload,
  schema: typeof transferBody | typeof bankPaymentBody,
  body: Record<string, unknown>,
  t: TFunction,
  fieldOf: FieldOf,
): void {
  const checked = schema.safeParse(body, { error: (issue) => issueText(t, issue) });
  for (const { path, code, message } of checked.error?.issues ?? []) {
    const field = fieldOf(String(path[0] ?? 'to'));
    // Refinements speak English only.
    const text = code === 'custom' ? t('form.invalid') : message;
    context.issues.push({ code: 'custom', message: text, input: body, path: [field] });
  }
}

function readAmount(
  context: z.core.ParsePayload,
  text: string,
  currency: Currency,
  { t, locale }: FormSurroundings,
): string | undefined {
  const amount = parseMoney(text, currency, locale);
  if (amount.ok) return String(amount.value);
  const message = t(`amount.${amount.error}`);
  context.issues.push({ code: 'custom', message, input: text, path: ['amount'] });
  return undefined;
}

const note = (text: string): { description?: string } =>
  text.trim() === '' ? {} : { description: text.trim() };

export function transferForm(around: FormSurroundings) {
  return z
    .object({
      fromWalletId: z.string(),
      by: z.enum(['email', 'wallet']),
      to: z.string(),
      amount: z.string(),
      description: z.string(),
    })
    .transform(({ fromWalletId, by, to, amount: text, description }, context) => {
      const amount = readAmount(context, text, around.currencyOf(fromWalletId), around);
      const receiver = by === 'email' ? { toEmail: to.trim() } : { toWalletId: to.trim() };
      const body = { fromWalletId, ...receiver, amount: amount ?? '1', ...note(description) };
      checkBody(context, transferBody, body, around.t, (field) =>
        field === 'toEmail' || field === 'toWalletId' ? 'to' : field,
      );
      if (by === 'wallet' && to.trim() === fromWalletId) {
        const message = around.t('problem.same-wallet');
        context.issues.push({ code: 'custom', message, input: to, path: ['to'] });
      }
      return body;
    });
}

export function bankPaymentForm(around: FormSurroundings) {
  return z
    .object({ walletId: z.string(), bankAccount: z.string(), amount: z.string() })
    .transform(({ walletId, bankAccount, amount: text }, context) => {
      const amount = readAmount(context, text, around.currencyOf(walletId), around);
      const body = { walletId, bankAccount: bankAccount.trim(), amount: amount ?? '1' };
      checkBody(context, bankPaymentBody, body, around.t, (field) => field);
      return body;
    });
}

export type TransferFields = z.input<ReturnType<typeof transferForm>>;
export type TransferOrder = z.output<ReturnType<typeof transferForm>>;
export type BankPaymentFields = z.input<ReturnType<typeof bankPaymentForm>>;
export type BankPaymentOrder = z.output<ReturnType<typeof bankPaymentForm>>;
