import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProblemText } from '../i18n/problem-text.ts';
import { showToast } from '../ui/toast-store.ts';

interface ActionTexts {
  /** Said when it worked; without it the page itself shows that. */
  done?: string;
  failed: string;
  /** What has to be asked for again, by the first part of its key. */
  changes: readonly string[];
}

/** One thing at a time is done to what a page shows; what went wrong is said, never swallowed. */
export function useAction() {
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  /** The answer, or undefined when it failed. */
  async function act<T>(
    work: () => Promise<T>,
    { done, failed, changes }: ActionTexts,
  ): Promise<{ answer: T } | undefined> {
    if (busy) return undefined;
    setBusy(true);
    try {
      const answer = await work();
      if (done !== undefined) showToast({ tone: 'ok', title: done });
      await Promise.all(changes.map((key) => queryClient.invalidateQueries({ queryKey: [key] })));
      return { answer };
    } catch (error) {
      showToast({ tone: 'danger', title: failed, text: problemText(error) });
      return undefined;
    } finally {
      setBusy(false);
    }
  }
  return { busy, act };
}
