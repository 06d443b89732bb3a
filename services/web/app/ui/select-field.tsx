import { ChevronDown } from 'lucide-react';
import type { ReactNode, Ref, SelectHTMLAttributes } from 'react';
import { controlClasses, FieldFrame } from './field.tsx';
import { joinClasses } from './join-classes.ts';

interface SelectFieldProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  ref?: Ref<HTMLSelectElement>;
}

/** The system's own list: known to everybody, best on phones, and good with every keyboard. */
export function SelectField(props: SelectFieldProps) {
  const { label, hint, error, className, children, ...rest } = props;
  return (
    <FieldFrame label={label} hint={hint} error={error}>
      {({ id, describedBy, invalid }) => (
        <span className="relative block">
          <select
            {...rest}
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid || undefined}
            className={joinClasses(controlClasses(invalid), 'appearance-none pr-10', className)}
          >
            {children}
          </select>
          <ChevronDown
            className="pointer-events-none absolute top-1/2 right-3.5 size-4 -translate-y-1/2"
            aria-hidden
          />
        </span>
      )}
    </FieldFrame>
  );
}
