/** The coin with the f of Florin. */
export const Logo = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 64 64" className={className} aria-hidden>
    <rect width="64" height="64" rx="16" fill="#0a5847" />
    <circle cx="32" cy="32" r="22" fill="none" stroke="#f2c14e" strokeWidth="2.5" />
    <path
      d="M27 47V24c0-5 3-8 8-8h4M21 30h15"
      fill="none"
      stroke="#fff"
      strokeWidth="5"
      strokeLinecap="round"
    />
  </svg>
);
