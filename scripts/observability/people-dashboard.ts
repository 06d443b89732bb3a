import type { Dashboard } from './dashboard.ts';

const rate = (counter: string, by: string): string =>
  `sum by (${by}) (rate(${counter}[$__rate_interval]))`;

/** Who comes in, and whether the platform hears of it. */
export const people: Dashboard = {
  name: 'people',
  title: 'People',
  rows: [
    {
      title: 'Coming in',
      panels: [
        {
          title: 'Sign-ins by how they end',
          why: 'Many wrong passwords at once are an attack.',
          queries: [['{{outcome}}', rate('sign_ins_total', 'outcome')]],
        },
        {
          title: 'Sessions that go on',
          queries: [['{{outcome}}', rate('token_refreshes_total', 'outcome')]],
        },
        {
          title: 'Turned away by their budget of requests',
          queries: [['{{budget}}', rate('rate_limited_total', 'budget')]],
        },
      ],
    },
    {
      title: 'What the platform hears of them',
      panels: [
        {
          title: 'Facts of people not told to the platform',
          queries: [['waiting', 'max(identity_outbox_waiting)']],
        },
      ],
    },
  ],
};
