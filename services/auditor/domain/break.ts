/** Something that must not be. Found again, it has the same key. */
export interface Break {
  key: string;
  invariant: string;
  detail: string;
}
