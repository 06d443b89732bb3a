import { useSuspenseQuery } from '@tanstack/react-query';
import { FileDown, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FILE_MS } from '../api/api-client.ts';
import { useParts } from '../api/parts.ts';
import { formatMoment } from '../format/dates.ts';
import { useProblemText } from '../i18n/problem-text.ts';
import { useLocale } from '../i18n/start-i18n.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/on-demand.tsx';
import { saveFile } from '../ui/save-file.ts';
import { showToast } from '../ui/toast-store.ts';
import { SettingsSection } from './settings-section.tsx';
import { NotProven, useStepUp } from './use-step-up.tsx';

type Work = 'export' | 'erase';

/** What we hold about a person, for them to take away, and to have destroyed. */
export default function PrivacySettings() {
  const { t } = useTranslation();
  const locale = useLocale();
  const { api, queries, session } = useParts();
  const { data: me } = useSuspenseQuery(queries.me());
  const problemText = useProblemText();
  const { withProof, question } = useStepUp(me.twoFactor);
  const [busy, setBusy] = useState<Work>();
  const [asked, setAsked] = useState(false);

  async function attempt(work: Work, action: () => Promise<void>): Promise<void> {
    setBusy(work);
    try {
      await withProof(action);
    } catch (error) {
      if (!(error instanceof NotProven)) {
        showToast({ tone: 'danger', title: t(`privacy.not.${work}`), text: problemText(error) });
      }
    }
    setBusy(undefined);
  }

  const exportAll = () =>
    attempt('export', async () => {
      const zip = { query: { format: 'zip' }, timeoutMs: FILE_MS } as const;
      saveFile(await api.file('GET /v1/me/export', zip), 'florin-export.zip');
    });

  const erase = () =>
    attempt('erase', async () => {
      const later = await api.call('DELETE /v1/me');
      showToast({
        tone: 'ok',
        title: t('privacy.erased'),
        ...(later && {
          text: t('privacy.after', { time: formatMoment(later.eraseAfter, locale) }),
        }),
      });
      await session.signOut();
    });

  return (
    <SettingsSection title={t('privacy.title')} text={t('privacy.text')}>
      <div className="flex flex-wrap gap-2">
        <Button
          look="secondary"
          busy={busy === 'export'}
          icon={<FileDown className="size-4.5" aria-hidden />}
          onClick={() => void exportAll()}
        >
          {t('privacy.export')}
        </Button>
        <Button
          look="secondary"
          className="text-danger"
          busy={busy === 'erase'}
          icon={<Trash2 className="size-4.5" aria-hidden />}
          onClick={() => setAsked(true)}
        >
          {t('privacy.erase')}
        </Button>
      </div>
      <ConfirmDialog
        open={asked}
        onOpenChange={setAsked}
        title={t('privacy.ask')}
        description={t('privacy.askText')}
        confirm={t('privacy.erase')}
        danger
        onConfirm={() => {
          setAsked(false);
          void erase();
        }}
      />
      {question}
    </SettingsSection>
  );
}
