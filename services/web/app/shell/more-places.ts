import { ArrowLeftRight, CalendarClock, FileUp, Gift, HandCoins, Split } from 'lucide-react';

/** Found in the side bar, and at home where there is no room for one. */
export const MORE_PLACES = [
  { to: '/requests', icon: HandCoins, text: 'nav.requests' },
  { to: '/convert', icon: ArrowLeftRight, text: 'nav.convert' },
  { to: '/schedules', icon: CalendarClock, text: 'nav.schedules' },
  { to: '/split', icon: Split, text: 'nav.split' },
  { to: '/rewards', icon: Gift, text: 'nav.rewards' },
  { to: '/files', icon: FileUp, text: 'nav.files' },
] as const;
