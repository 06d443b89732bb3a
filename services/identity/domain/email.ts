/** The one spelling under which an address is stored and looked up. */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();
