import type { twoFactorCodeBody } from '@florin/contracts';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { ShieldCheck, ShieldOff } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useParts } from '../api/parts.ts';
import { schemaResolver } from '../i18n/schema-resolver.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { TextField } from '../ui/field.tsx';
import { saveFile } from '../ui/save-file.ts';
import { Notice, Pill } from '../ui/surfaces.tsx';
import { showToast } from '../ui/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';
import { NotProven, useStepUp } from './use-step-up.tsx';

interface Setup {
  secret: string;
  otpauthUri: string;
}

/** The library that draws it is fetched when somebody needs it. */
function useQrCode(text: string): string | undefined {
  const [svg, setSvg] = useState<string>();
  useEffect(() => {
    let current = true;
    void import('uqr').then(({ renderSVG }) => current && setSvg(renderSVG(text, { border: 2 })));
    return () => void (current = false);
  }, [text]);
  return useMemo(() => svg && `data:image/svg+xml,${encodeURIComponent(svg)}`, [svg]);
}

function ConfirmForm({ setup, onConfirmed }: { setup: Setup; onConfirmed(codes: string[]): void }) {
  const { t } = useTranslation();
  const { api } = useParts();
  const problemText = useProblemText();
  const [problem, setProblem] = useState<string>();
  const qrCode = useQrCode(setup.otpauthUri);
  const { register, handleSubmit, formState } = useForm<z.input<typeof twoFactorCodeBody>>({
    resolver: schemaResolver(t, (schemas) => schemas.twoFactorCodeBody),
  });
  const submit = handleSubmit(async (body) => {
    setProblem(undefined);
    try {
      const { recoveryCodes } = await api.call('POST /v1/auth/2fa/confirm', { body });
      onConfirmed(recoveryCodes);
    } catch (error) {
      setProblem(problemText(error));
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-5">
      <div className="flex flex-wrap items-center gap-5">
        <span className="size-44 rounded-control bg-white p-2">
          {qrCode !== undefined && <img src={qrCode} alt={t('twoFactor.qrCode')} />}
        </span>
        <div className="grid min-w-52 flex-1 gap-2 text-sm">
          <p>{t('twoFactor.scan')}</p>
          <p className="text-muted">{t('twoFactor.orType')}</p>
          <code className="rounded-lg bg-sunken px-3 py-2 font-mono text-sm wrap-anywhere">
            {setup.secret}
          </code>
        </div>
      </div>
      {problem !== undefined && (
        <Notice tone="danger" urgent>
          {problem}
        </Notice>
      )}
      <TextField
        {...register('code')}
        label={t('twoFactor.code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        error={formState.errors.code?.message}
      />
      <Button type="submit" busy={formState.isSubmitting} className="justify-self-start">
        {t('twoFactor.confirm')}
      </Button>
    </form>
  );
}

function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone(): void }) {
  const { t } = useTranslation();
  const file = (): Blob => new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' });
  return (
    <div className="grid gap-4">
      <Notice tone="warn" title={t('twoFactor.codesTitle')}>
        {t('twoFactor.codesText')}
      </Notice>
      <ul className="grid grid-cols-2 gap-2 font-mono text-sm sm:grid-cols-3">
        {codes.map((code) => (
          <li key={code} className="rounded-lg bg-sunken px-3 py-2">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="secondary" onClick={() => saveFile(file(), 'florin-recovery-codes.txt')}>
          {t('twoFactor.save')}
        </Button>
        <Button onClick={onDone}>{t('twoFactor.saved')}</Button>
      </div>
    </div>
  );
}

/** The second factor: off, being set up, just switched on, or on. */
export default function TwoFactorSettings() {
  const { t } = useTranslation();
  const { api, queries } = useParts();
  const queryClient = useQueryClient();
  const problemText = useProblemText();
  const { data: me } = useSuspenseQuery(queries.me());
  const { withProof, question } = useStepUp(me.twoFactor);
  const [setup, setSetup] = useState<Setup>();
  const [codes, setCodes] = useState<string[]>();
  const [asked, setAsked] = useState(false);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['me'] });

  async function attempt(action: () => Promise<void>): Promise<void> {
    try {
      await withProof(action);
    } catch (error) {
      if (error instanceof NotProven) return;
      showToast({ tone: 'danger', title: t('settings.notChanged'), text: problemText(error) });
    }
  }
  const begin = () => attempt(async () => setSetup(await api.call('POST /v1/auth/2fa/setup')));
  const renew = () =>
    attempt(async () => {
      setCodes((await api.call('POST /v1/auth/2fa/recovery-codes')).recoveryCodes);
    });
  const disable = () =>
    attempt(async () => {
      await api.call('DELETE /v1/auth/2fa');
      await refresh();
      showToast({ tone: 'ok', title: t('twoFactor.isOff') });
    });

  return (
    <SettingsSection title={t('twoFactor.title')} text={t('twoFactor.text')}>
      {codes !== undefined && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      {codes === undefined && setup !== undefined && (
        <ConfirmForm
          setup={setup}
          onConfirmed={(recoveryCodes) => {
            setSetup(undefined);
            setCodes(recoveryCodes);
            void refresh();
          }}
        />
      )}
      {codes === undefined && setup === undefined && (
        <div className="flex flex-wrap items-center gap-3">
          <Pill
            tone={me.twoFactor ? 'ok' : 'warn'}
            icon={
              me.twoFactor ? (
                <ShieldCheck className="size-3.5" aria-hidden />
              ) : (
                <ShieldOff className="size-3.5" aria-hidden />
              )
            }
          >
            {t(me.twoFactor ? 'twoFactor.on' : 'twoFactor.off')}
          </Pill>
          <span className="flex-1" />
          {me.twoFactor ? (
            <>
              <Button look="secondary" onClick={() => void renew()}>
                {t('twoFactor.renew')}
              </Button>
              <Button look="secondary" onClick={() => setAsked(true)}>
                {t('twoFactor.disable')}
              </Button>
            </>
          ) : (
            <Button onClick={() => void begin()}>{t('twoFactor.enable')}</Button>
          )}
        </div>
      )}
      <ConfirmDialog
        open={asked}
        onOpenChange={setAsked}
        title={t('twoFactor.askDisable')}
        description={t('twoFactor.askDisableText')}
        confirm={t('twoFactor.disable')}
        danger
        onConfirm={() => {
          setAsked(false);
          void disable();
        }}
      />
      {question}
    </SettingsSection>
  );
}
