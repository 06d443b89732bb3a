import { X } from 'lucide-react';
import { AlertDialog as Alert, Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button.tsx';
import { joinClasses } from './join-classes.ts';

const OVERLAY = 'fixed inset-0 z-40 bg-black/55 backdrop-blur-[2px] animate-fade';
/** A sheet from below on phones, a card in the middle elsewhere. */
const PANEL = joinClasses(
  'fixed z-50 inset-x-0 bottom-0 max-h-[92dvh] overflow-y-auto rounded-t-card bg-surface p-6',
  'shadow-float animate-rise focus:outline-none',
  'sm:inset-0 sm:m-auto sm:h-fit sm:w-[min(30rem,calc(100vw-2rem))] sm:rounded-card',
);

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: string;
  children: ReactNode;
}

export function Dialog({ open, onOpenChange, title, description, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={OVERLAY} />
        <Radix.Content
          className={PANEL}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="mb-4 flex items-start justify-between gap-4">
            <div className="grid gap-1">
              <Radix.Title className="text-lg font-bold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="text-sm text-muted">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label={t('close')} className="-mt-2 -mr-2">
                <X className="size-5" aria-hidden />
              </IconButton>
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description: string;
  confirm: string;
  danger?: boolean;
  busy?: boolean;
  onConfirm(): void;
  children?: ReactNode;
}

/** Asks before something that matters. It does not close by a click beside it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, confirm, onConfirm, children } = props;
  const { t } = useTranslation();
  return (
    <Alert.Root open={open} onOpenChange={onOpenChange}>
      <Alert.Portal>
        <Alert.Overlay className={OVERLAY} />
        <Alert.Content className={PANEL}>
          <Alert.Title className="text-lg font-bold">{title}</Alert.Title>
          <Alert.Description className="mt-1 text-sm text-muted">{description}</Alert.Description>
          {children !== undefined && <div className="mt-4">{children}</div>}
          <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">
            <Alert.Cancel asChild>
              <Button look="secondary">{t('cancel')}</Button>
            </Alert.Cancel>
            <Button
              look={props.danger === true ? 'danger' : 'primary'}
              busy={props.busy ?? false}
              onClick={onConfirm}
            >
              {confirm}
            </Button>
          </div>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
