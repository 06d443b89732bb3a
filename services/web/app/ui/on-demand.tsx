import { lazy, Suspense, type ComponentProps } from 'react';
import type { ConfirmDialog as Confirm, Dialog as Plain } from './dialog.tsx';
import type { SecretDialog as Secret } from './secret-dialog.tsx';

/** Dialogs that are fetched when they open: most pages are left without anybody having seen one. */

const LoadedDialog = lazy(async () => ({ default: (await import('./dialog.tsx')).Dialog }));
const LoadedConfirm = lazy(async () => ({ default: (await import('./dialog.tsx')).ConfirmDialog }));
const LoadedSecret = lazy(async () => ({
  default: (await import('./secret-dialog.tsx')).SecretDialog,
}));

export const Dialog = (props: ComponentProps<typeof Plain>) => (
  <Suspense>{props.open && <LoadedDialog {...props} />}</Suspense>
);

export const ConfirmDialog = (props: ComponentProps<typeof Confirm>) => (
  <Suspense>{props.open && <LoadedConfirm {...props} />}</Suspense>
);

export const SecretDialog = (props: ComponentProps<typeof Secret>) => (
  <Suspense>
    <LoadedSecret {...props} />
  </Suspense>
);
