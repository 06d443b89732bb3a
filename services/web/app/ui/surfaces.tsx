import type { ReactNode } from 'react';
import { joinClasses } from './join-classes.ts';

interface CardProps {
  children: ReactNode;
  className?: string;
}

export const Card = ({ children, className }: CardProps) => (
  <section
    className={joinClasses('rounded-card border border-line bg-surface shadow-card', className)}
  >
    {children}
  </section>
);

interface PageHeaderProps {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
}

export const PageHeader = ({ title, description, actions }: PageHeaderProps) => (
  <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
    <div className="grid min-w-0 gap-1">
      <h1 className="text-xl font-bold tracking-tight sm:text-2xl">{title}</h1>
      {description !== undefined && <p className="max-w-prose text-muted">{description}</p>}
    </div>
    {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
  </header>
);

interface EmptyStateProps {
  icon: ReactNode;
  title: string;
  text: string;
  children?: ReactNode;
}

/** Nothing is here yet: what would be, and the next step. */
export const EmptyState = ({ icon, title, text, children }: EmptyStateProps) => (
  <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
    <span className="mb-2 grid size-14 place-items-center rounded-full bg-brand-soft text-brand">
      {icon}
    </span>
    <h2 className="text-lg font-bold">{title}</h2>
    <p className="max-w-sm text-muted">{text}</p>
    {children !== undefined && <div className="mt-4 flex flex-wrap gap-2">{children}</div>}
  </div>
);

/** Holds the place of what is on its way, so that nothing jumps when it comes. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span
    aria-hidden
    className={joinClasses('block rounded-lg bg-sunken animate-pulse-soft', className)}
  />
);

type Tone = 'neutral' | 'ok' | 'warn' | 'danger' | 'brand';

const TONES: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  brand: 'bg-brand-soft text-brand',
};

interface PillProps {
  tone?: Tone;
  icon?: ReactNode;
  children: ReactNode;
}

export const Pill = ({ tone = 'neutral', icon, children }: PillProps) => (
  <span
    className={joinClasses(
      'inline-flex items-center gap-1 rounded-full',
      'px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap',
      TONES[tone],
    )}
  >
    {icon}
    {children}
  </span>
);

interface NoticeProps {
  tone: Tone;
  icon?: ReactNode;
  title?: string;
  children: ReactNode;
  /** Said aloud at once when it appears. */
  urgent?: boolean;
}

export const Notice = ({ tone, icon, title, children, urgent }: NoticeProps) => (
  <div
    {...(urgent === true ? { role: 'alert' } : {})}
    className={joinClasses('flex items-start gap-3 rounded-control p-4 text-sm', TONES[tone])}
  >
    {icon}
    <div className="grid min-w-0 flex-1 gap-1">
      {title !== undefined && <p className="font-semibold">{title}</p>}
      <div className="min-w-0">{children}</div>
    </div>
  </div>
);
