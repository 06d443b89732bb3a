import { CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';
import { toastStore, type ToastMessage } from './toast-store.ts';
import { joinClasses } from './join-classes.ts';

const ICONS = {
  ok: <CircleCheck className="mt-0.5 size-5 shrink-0 text-ok" aria-hidden />,
  danger: <TriangleAlert className="mt-0.5 size-5 shrink-0 text-danger" aria-hidden />,
  info: <Info className="mt-0.5 size-5 shrink-0 text-brand" aria-hidden />,
} satisfies Record<ToastMessage['tone'], unknown>;

const SHOWN_MS = 6000;

export default function Toasts() {
  const { t } = useTranslation();
  const messages = useSyncExternalStore(toastStore.subscribe, toastStore.messages);
  return (
    <Radix.Provider label={t('notification')} duration={SHOWN_MS}>
      {messages.map(({ id, tone, title, text }) => (
        <Radix.Root
          key={id}
          type={tone === 'danger' ? 'foreground' : 'background'}
          onOpenChange={(open) => open || toastStore.dismiss(id)}
          className={joinClasses(
            'flex w-full items-start gap-3 rounded-control border border-line',
            'bg-surface p-4 shadow-float animate-rise',
          )}
        >
          {ICONS[tone]}
          <div className="grid flex-1 gap-0.5">
            <Radix.Title className="text-sm font-semibold">{title}</Radix.Title>
            {text !== undefined && (
              <Radix.Description className="text-sm text-muted">{text}</Radix.Description>
            )}
          </div>
          <Radix.Close asChild>
            <IconButton label={t('close')} className="-my-2 -mr-2">
              <X className="size-4" aria-hidden />
            </IconButton>
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport
        className={joinClasses(
          'fixed right-0 bottom-20 z-60 flex w-[min(24rem,100vw)] flex-col gap-2 p-4',
          'outline-none lg:bottom-0',
        )}
      />
    </Radix.Provider>
  );
}
