import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { joinClasses } from './join-classes.ts';

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  onSelect(): void;
}

/** What a thing can have done to it, behind one button; it is open when it comes. */
export default function Menu({ trigger, items }: { trigger: ReactNode; items: MenuItem[] }) {
  return (
    <Radix.Root defaultOpen>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          className={joinClasses(
            'z-50 min-w-52 rounded-control border border-line bg-surface p-1.5',
            'shadow-float animate-fade',
          )}
        >
          {items.map(({ label, icon, danger, onSelect }) => (
            <Radix.Item
              key={label}
              onSelect={onSelect}
              className={joinClasses(
                'flex min-h-11 items-center gap-3 rounded-lg px-3 text-sm font-medium outline-none',
                'cursor-pointer data-highlighted:bg-sunken',
                danger === true && 'text-danger',
              )}
            >
              {icon}
              {label}
            </Radix.Item>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
