import { EllipsisVertical } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { IconButton } from './button.tsx';
import type { MenuItem } from './menu.tsx';

const loadMenu = () => import('./menu.tsx');
const Menu = lazy(loadMenu);

/**
 * The button of a menu. Placing a menu right takes more code than the page around it, so that comes
 * when somebody is about to press.
 */
export function MenuButton({ label, items }: { label: string; items: MenuItem[] }) {
  const [wanted, setWanted] = useState(false);
  const soon = (): void => void loadMenu();
  const button = (
    <IconButton
      label={label}
      aria-haspopup="menu"
      className="border border-line bg-surface"
      onPointerEnter={soon}
      onFocus={soon}
      {...(wanted ? {} : { onClick: () => setWanted(true) })}
    >
      <EllipsisVertical className="size-5" aria-hidden />
    </IconButton>
  );
  if (!wanted) return button;
  return (
    <Suspense fallback={button}>
      <Menu trigger={button} items={items} />
    </Suspense>
  );
}
