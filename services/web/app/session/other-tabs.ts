import type { Session } from '../api/session.ts';

/** Whoever signs out in one tab is signed out in all of them. */
export function followOtherTabs(session: Session): void {
  const channel = new BroadcastChannel('florin.session');
  const tell = channel.postMessage.bind(channel);
  let told = false;
  let before = session.state();
  channel.addEventListener('message', () => {
    told = true;
    session.forget();
    told = false;
  });
  session.subscribe((state) => {
    if (before === 'signed-in' && state === 'signed-out' && !told) {
      tell('signed-out');
    }
    before = state;
  });
}
