import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { showToast } from './toast-store.ts';

interface SecretDialogProps {
  secret: string;
  onClose(): void;
}

/** A secret is seen once: to be taken along, or made anew. */
export function SecretDialog({ secret, onClose }: SecretDialogProps) {
  const { t } = useTranslation();
  const copy = (): void =>
    void navigator.clipboard
      .writeText(secret)
      .then(() => showToast({ tone: 'ok', title: t('secret.copied') }));
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('secret.title')}
      description={t('secret.text')}
    >
      <div className="grid gap-4">
        <code className="rounded-control bg-sunken p-4 font-mono text-sm wrap-anywhere">
          {secret}
        </code>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="secondary" onClick={copy} icon={<Copy className="size-4.5" aria-hidden />}>
            {t('secret.copy')}
          </Button>
          <Button onClick={onClose}>{t('secret.kept')}</Button>
        </div>
      </div>
    </Dialog>
  );
}
