import type { TFunction } from 'i18next';
import type { z } from 'zod';

/** What is wrong with a field, in the person's words; schemas speak the developers'. */
export function issueText(t: TFunction, issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_format':
      return issue.format === 'email' ? t('form.email') : t('form.invalid');
    case 'too_small':
      return Number(issue.minimum) > 1
        ? t('form.tooShort', { count: Number(issue.minimum) })
        : t('form.required');
    case 'too_big':
      return t('form.tooLong', { count: Number(issue.maximum) });
    default:
      return t('form.invalid');
  }
}
