import type { ReactNode } from 'react';
import { Card } from '../ui/surfaces.tsx';

interface SectionProps {
  title: string;
  text: string;
  children: ReactNode;
}

export const SettingsSection = ({ title, text, children }: SectionProps) => (
  <Card className="grid gap-5 p-5 sm:p-6">
    <header className="grid gap-1">
      <h2 className="text-lg font-bold">{title}</h2>
      <p className="text-sm text-muted">{text}</p>
    </header>
    {children}
  </Card>
);
