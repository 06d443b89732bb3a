import { LoaderCircle } from 'lucide-react';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { joinClasses } from './join-classes.ts';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger';
type Size = 'small' | 'medium' | 'large';

const LOOKS: Record<Look, string> = {
  primary: 'bg-brand text-on-brand hover:bg-brand-strong',
  secondary: 'bg-surface text-ink border border-line hover:bg-sunken',
  quiet: 'text-ink hover:bg-sunken',
  danger: 'bg-danger text-on-danger hover:bg-danger-strong',
};

const SIZES: Record<Size, string> = {
  small: 'min-h-9 px-3 text-sm gap-1.5',
  medium: 'min-h-11 px-4 text-sm gap-2',
  large: 'min-h-13 px-6 text-base gap-2.5',
};

/** The looks of a button, for links that lead on like one. */
export const buttonClasses = (look: Look = 'primary', size: Size = 'medium'): string =>
  joinClasses(
    'inline-flex items-center justify-center rounded-control font-semibold select-none',
    'transition-colors duration-150 disabled:opacity-55 disabled:cursor-not-allowed',
    LOOKS[look],
    SIZES[size],
  );

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: Look;
  size?: Size;
  icon?: ReactNode;
  /** Work is under way: pressing again does nothing, and says so to screen readers. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const { look, size, icon, busy = false, className, children, onClick, ...rest } = props;
  const spinner = <LoaderCircle className="size-4 animate-spin" aria-hidden />;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      className={joinClasses(buttonClasses(look, size), busy && 'opacity-80', className)}
    >
      {busy ? spinner : icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  children: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A button that shows only an icon, and tells its name to everybody else. */
export function IconButton({ label, children, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={joinClasses(
        'inline-flex size-11 items-center justify-center rounded-control text-muted',
        'transition-colors hover:bg-sunken hover:text-ink',
        className,
      )}
    >
      {children}
    </button>
  );
}
