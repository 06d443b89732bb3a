/** What a command found: for programs, and for people. */
export interface Report {
  data: unknown;
  text: string;
  /** Something is not as it should be: the process ends with 1. */
  failed?: boolean;
}
