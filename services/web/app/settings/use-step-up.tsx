import type { stepUpBody } from '@florin/contracts';
import { useRef, useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { codeOf } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { Notice } from '../ui/surfaces.tsx';

type Fields = z.input<typeof stepUpBody>;

function ProofForm({ twoFactor, onProven }: { twoFactor: boolean; onProven(): void }) {
  const { t } = useTranslation();
  const { api, session } = useParts();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const { register, handleSubmit, formState } = useForm<Fields>({
    resolver: schemaResolver(t, (schemas) => schemas.stepUpBody),
  });
  const { errors, isSubmitting } = formState;
  const submit = handleSubmit(async (body) => {
    setProblem(undefined);
    try {
      session.adopt(await api.call('POST /v1/auth/step-up', { body }));
      onProven();
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <TextField
        {...register('password')}
        type="password"
        label={t('password')}
        autoComplete="current-password"
        error={errors.password?.message}
      />
      {twoFactor && (
        <TextField
          {...register('totp')}
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          autoComplete="one-time-code"
          error={errors.totp?.message}
        />
      )}
      <Button type="submit" busy={isSubmitting}>
        {t('stepUp.submit')}
      </Button>
    </form>
  );
}

interface Asked {
  prove(): void;
  giveUp(): void;
}

/** The person closed the question instead of answering it: nothing was done or is to be said. */
export class NotProven extends Error {
  override name = 'NotProven';
}

/**
 * What is risky needs a fresh proof of who asks. `withProof` does it, asks for the password when
 * the API wants one, and then does it again; `question` is the dialog, to be shown somewhere.
 */
export function useStepUp(twoFactor: boolean): {
  withProof<T>(action: () => Promise<T>): Promise<T>;
  question: ReactNode;
} {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const asked = useRef<Asked>(undefined);

  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      asked.current = { prove: resolve, giveUp: () => reject(new NotProven('given up')) };
      setOpen(true);
    });

  async function withProof<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (codeOf(error) !== 'step-up-required') throw error;
      await ask();
      return action();
    }
  }

  const question = (
    <Dialog
      open={open}
      onOpenChange={() => {
        setOpen(false);
        asked.current?.giveUp();
      }}
      title={t('stepUp.title')}
      description={t('stepUp.text')}
    >
      <ProofForm
        twoFactor={twoFactor}
        onProven={() => {
          asked.current?.prove();
          setOpen(false);
        }}
      />
    </Dialog>
  );
  return { withProof, question };
}
