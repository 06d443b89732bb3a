export interface ToastMessage {
  id: number;
  tone: 'ok' | 'danger' | 'info';
  title: string;
  text?: string | undefined;
}

type Listener = () => void;

let messages: readonly ToastMessage[] = [];
let lastId = 0;
const listeners = new Set<Listener>();

function change(next: readonly ToastMessage[]): void {
  messages = next;
  for (const listener of listeners) listener();
}

/** What is said for a moment, whoever says it. A component shows it. */
export const toastStore = {
  subscribe(listener: Listener): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  messages: (): readonly ToastMessage[] => messages,
  dismiss: (id: number): void => change(messages.filter((message) => message.id !== id)),
};

const SHOWN_MAX = 3;

export function showToast(message: Omit<ToastMessage, 'id'>): void {
  change([...messages, { ...message, id: ++lastId }].slice(-SHOWN_MAX));
}
