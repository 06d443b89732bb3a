import type { Dashboard } from './dashboard.ts';
import { people } from './people-dashboard.ts';

const RATE = '[$__rate_interval]';

const rate = (counter: string, by = ''): string =>
  by === '' ? `sum(rate(${counter}${RATE}))` : `sum by (${by}) (rate(${counter}${RATE}))`;

const quantile = (q: number, histogram: string, by = ''): string =>
  `histogram_quantile(${q}, sum by (le${by && `, ${by}`}) (rate(${histogram}${RATE})))`;

const API = 'service="gateway",route=~"/v1/.*|/oauth/.*"';
const calls = (labels = ''): string =>
  `http_server_request_duration_seconds_count{${API}${labels && `,${labels}`}}`;
/** Without the live updates, which last as long as somebody looks. */
const BOUNDED = `${API},route!="/v1/events"`;
const callTimes = (labels = ''): string =>
  `http_server_request_duration_seconds_bucket{${BOUNDED}${labels && `,${labels}`}}`;

const PROMISES = ['5m', '1h', '6h'].map((window): [string, string] => [
  `{{promise}} ${window}`,
  `promise_bad:ratio_rate${window} / on (promise) group_left () promise_budget:ratio`,
]);

const platform: Dashboard = {
  name: 'platform',
  title: 'Platform',
  rows: [
    {
      title: 'What people feel',
      panels: [
        {
          title: 'Calls a second',
          unit: 'reqps',
          queries: [['{{status}}', rate(calls(), 'status')]],
        },
        {
          title: 'Share that failed',
          unit: 'percentunit',
          red: 0.001,
          queries: [['5xx', `(${rate(calls('status="5xx"'))} or vector(0)) / ${rate(calls())}`]],
        },
        {
          title: 'Time of a call',
          unit: 's',
          red: 0.5,
          queries: [0.5, 0.95, 0.99].map((q) => [`p${q * 100}`, quantile(q, callTimes())]),
        },
        {
          title: 'Transactions decided a second',
          queries: [['{{status}}', rate('transactions_total', 'status')]],
        },
        {
          title: 'Turned away before anything was stored',
          queries: [['{{reason}}', rate('overload_rejections_total', 'reason')]],
        },
        {
          title: 'Waiting for their outcome',
          queries: [['{{instance}}', 'gateway_waiting_transactions']],
        },
      ],
    },
    {
      title: 'What stands still',
      panels: [
        { title: 'Commands not posted', queries: [['', 'sum(ledger_partition_backlog)']] },
        {
          title: 'Partitions owned',
          why: 'Fewer than there are: their wallets can’t pay.',
          queries: [['{{instance}}', 'lease_partitions_owned{service="ledger"}']],
        },
        {
          title: 'Halted partitions',
          kind: 'stat',
          red: 1,
          queries: [['halted', 'sum(ledger_partitions_halted)']],
        },
        { title: 'Events not told', queries: [['', 'sum(ledger_untold_events)']] },
        {
          title: 'Connected to NATS',
          kind: 'stat',
          queries: [['{{service}}', 'min by (service) (messaging_connected)']],
        },
        {
          title: 'Dead letters in an hour',
          red: 1,
          queries: [['{{service}}', 'sum by (service) (increase(ledger_dead_letters_total[1h]))']],
        },
      ],
    },
    {
      title: 'What is read',
      panels: [
        {
          title: 'Share of reads answered from memory',
          why: 'Low where wallets change all the time; zero where nobody hears of changes.',
          unit: 'percentunit',
          queries: [
            [
              '{{cache}}',
              `${rate('read_cache_reads_total{result="hit"}', 'cache')} / ` +
                rate('read_cache_reads_total', 'cache'),
            ],
          ],
        },
        {
          title: 'Faults of the store of stamps',
          why: 'While there are any, everything is read from the books.',
          queries: [['{{instance}}', 'rate(read_cache_store_faults_total[5m])']],
        },
        { title: 'Who listens to events', queries: [['{{instance}}', 'event_streams_open']] },
      ],
    },
  ],
};

const transactions: Dashboard = {
  name: 'transactions',
  title: 'Transactions',
  variables: [{ name: 'type', metric: 'transactions_total', label: 'type' }],
  rows: [
    {
      title: 'Decisions',
      panels: [
        {
          title: 'By type',
          queries: [['{{type}}', rate('transactions_total{type=~"$type"}', 'type')]],
        },
        {
          title: 'By status',
          queries: [['{{status}}', rate('transactions_total{type=~"$type"}', 'status')]],
        },
        {
          title: 'Share refused',
          unit: 'percentunit',
          queries: [
            [
              '{{type}}',
              `${rate('transactions_total{type=~"$type",status="failed"}', 'type')} / ` +
                rate('transactions_total{type=~"$type"}', 'type'),
            ],
          ],
        },
      ],
    },
    {
      title: 'The way of a payment',
      panels: [
        {
          title: 'Answer to a payment',
          unit: 's',
          queries: [['{{route}} p99', quantile(0.99, callTimes('method="POST"'), 'route')]],
        },
        {
          title: 'Through a bank, until final',
          unit: 's',
          red: 10,
          queries: [
            ['p50', quantile(0.5, 'transaction_duration_seconds_bucket{after="bank"}')],
            ['p99', quantile(0.99, 'transaction_duration_seconds_bucket{after="bank"}')],
          ],
        },
        {
          title: 'Through a review, until final',
          unit: 's',
          queries: [['p50', quantile(0.5, 'transaction_duration_seconds_bucket{after="review"}')]],
        },
        {
          title: 'The same key again',
          why: 'Clients that try again: many of them mean that answers get lost.',
          queries: [['replays', rate('idempotency_replays_total')]],
        },
        {
          title: 'Promised orders sent again',
          queries: [['resent', rate('gateway_submissions_resent_total')]],
        },
        { title: 'Held for a person', queries: [['open reviews', 'sum(reviews_open)']] },
      ],
    },
  ],
};

const ledger: Dashboard = {
  name: 'ledger',
  title: 'Ledger and reconciliation',
  rows: [
    {
      title: 'Does it add up?',
      panels: [
        {
          title: 'Debits less credits',
          kind: 'stat',
          red: 1,
          queries: [['{{currency}}', 'max by (currency) (abs(ledger_imbalance_minor_units))']],
        },
        {
          title: 'Broken invariants',
          kind: 'stat',
          red: 1,
          queries: [['breaks', 'max(reconciliation_breaks)']],
        },
        {
          title: 'The auditor behind the streams',
          unit: 's',
          red: 60,
          queries: [['{{stream}}', 'max by (stream) (auditor_lag_seconds)']],
        },
        {
          title: 'Records of the audit log',
          queries: [['{{stream}}', rate('audit_records_total', 'stream')]],
        },
        {
          title: 'Not written down, because nobody may say it',
          red: 1,
          queries: [['{{stream}}', 'sum by (stream) (increase(audit_refused_messages_total[1h]))']],
        },
        {
          title: 'The chain verifies',
          kind: 'stat',
          queries: [['verified', 'min(audit_chain_verified)']],
        },
      ],
    },
    {
      title: 'Posting',
      panels: [
        {
          title: 'Transactions of one commit',
          why: 'Grows under load by itself: that is how it keeps up.',
          queries: [
            ['p50', quantile(0.5, 'ledger_batch_transactions_bucket')],
            ['p99', quantile(0.99, 'ledger_batch_transactions_bucket')],
          ],
        },
        {
          title: 'Time of one commit',
          unit: 's',
          queries: [
            ['p50', quantile(0.5, 'ledger_batch_duration_seconds_bucket')],
            ['p99', quantile(0.99, 'ledger_batch_duration_seconds_bucket')],
          ],
        },
        {
          title: 'Commits, and those rolled back',
          queries: [
            ['commits', rate('ledger_batch_duration_seconds_count')],
            ['rolled back', rate('ledger_batch_failures_total')],
          ],
        },
      ],
    },
    {
      title: 'Partitions',
      panels: [
        {
          title: 'Commands not posted',
          width: 12,
          queries: [['{{partition}}', 'sum by (partition) (ledger_partition_backlog)']],
        },
        {
          title: 'Epoch of each lease',
          width: 12,
          why: 'A step is another owner. Many steps: owners lose their leases.',
          queries: [['{{partition}}', 'max by (partition) (ledger_partition_epoch)']],
        },
        {
          title: 'Leases got and lost in an hour',
          queries: [
            ['{{why}}', 'sum by (why) (increase(lease_transitions_total{service="ledger"}[1h]))'],
          ],
        },
        {
          title: 'Halted',
          red: 1,
          queries: [['{{instance}}', 'ledger_partitions_halted']],
        },
        {
          title: 'Not yet scored',
          queries: [['orders', 'sum(ledger_unscored_orders)']],
        },
      ],
    },
    {
      title: 'What others are told and ask',
      panels: [
        { title: 'Events not told', queries: [['{{instance}}', 'ledger_untold_events']] },
        {
          title: 'Payments to other shards that wait',
          queries: [
            ['waiting', 'sum(ledger_departures_open)'],
            ['oldest, seconds', 'max(ledger_departure_oldest_seconds)'],
            ['partitions that move', 'max(ledger_partition_moves_under_way)'],
          ],
        },
        {
          title: 'Tables for the months of entries',
          queries: [
            ['months ahead', 'min(ledger_entry_months_ahead)'],
            ['entries without one', 'max(ledger_unplanned_entries)'],
          ],
        },
        {
          title: 'Requests of other services',
          unit: 's',
          queries: [
            [
              '{{subject}} p99',
              quantile(0.99, 'messaging_request_seconds_bucket{service="ledger"}', 'subject'),
            ],
          ],
        },
        {
          title: 'Never understood',
          red: 1,
          queries: [['dead letters', 'sum(increase(ledger_dead_letters_total[1h]))']],
        },
      ],
    },
  ],
};

const HASH = 'rollouts_pod_template_hash';

const decided = (labels = ''): string =>
  `fraud_decisions_total{model=~"$model",role="champion"${labels && `,${labels}`}}`;

const fraud: Dashboard = {
  name: 'fraud',
  title: 'Fraud and its canary',
  variables: [{ name: 'model', metric: 'fraud_score_bin_total', label: 'model' }],
  rows: [
    {
      title: 'Decisions',
      panels: [
        {
          title: 'Decisions a second',
          queries: [['{{decision}}', rate(decided(), 'decision')]],
        },
        {
          title: 'Share blocked and reviewed',
          unit: 'percentunit',
          queries: [
            [
              '{{decision}}',
              `${rate(decided('decision!="approve"'), 'decision')} / ` +
                `ignoring (decision) group_left () ${rate(decided())}`,
            ],
          ],
        },
        {
          title: 'What challengers would decide',
          queries: [
            [
              '{{model}} {{decision}}',
              rate('fraud_decisions_total{role="challenger"}', 'model, decision'),
            ],
          ],
        },
        {
          title: 'Decided by the amount instead',
          why: 'Nobody scored them in time: the scorer is late or gone.',
          queries: [['{{decision}}', rate('watchdog_decisions_total', 'decision')]],
        },
        {
          title: 'Scores by tenths',
          kind: 'heatmap',
          queries: [['{{bin}}', rate('fraud_score_bin_total{model=~"$model"}', 'bin')]],
        },
        {
          title: 'Drift of the last hour to the last week',
          why: '0.1 watch, 0.25 act.',
          red: 0.25,
          queries: [['{{model}}', 'fraud_score:psi{model=~"$model"}']],
        },
      ],
    },
    {
      title: 'Time',
      panels: [
        {
          title: 'From stored to answered',
          unit: 's',
          queries: [
            ['p50', quantile(0.5, 'fraud_answer_duration_seconds_bucket')],
            ['p99', quantile(0.99, 'fraud_answer_duration_seconds_bucket')],
          ],
        },
        {
          title: 'One pass of the model',
          unit: 's',
          queries: [
            ['p50', quantile(0.5, 'fraud_inference_duration_seconds_bucket')],
            ['p99', quantile(0.99, 'fraud_inference_duration_seconds_bucket')],
          ],
        },
        {
          title: 'Orders of one pass',
          queries: [['p99', quantile(0.99, 'fraud_batch_orders_bucket')]],
        },
        {
          title: 'Oldest that waits',
          unit: 's',
          red: 1,
          queries: [['', 'max(fraud_scoring_lag_seconds)']],
        },
        {
          title: 'Messages not answered',
          queries: [['{{partition}}', 'sum by (partition) (fraud_partition_backlog)']],
        },
        {
          title: 'Profiles in memory',
          queries: [['{{instance}}', 'fraud_profiles_in_memory']],
        },
      ],
    },
    {
      title: 'Old and new revision',
      panels: [
        {
          title: 'Decisions of each revision',
          queries: [[`{{${HASH}}}`, rate('fraud_decisions_total{role="champion"}', HASH)]],
        },
        {
          title: 'p99 of each revision',
          unit: 's',
          queries: [[`{{${HASH}}}`, quantile(0.99, 'fraud_answer_duration_seconds_bucket', HASH)]],
        },
        {
          title: 'Not understood by each revision',
          queries: [[`{{${HASH}}}`, rate('fraud_messages_refused_total', HASH)]],
        },
      ],
    },
  ],
};

const banks: Dashboard = {
  name: 'banks',
  title: 'Banks and breakers',
  variables: [{ name: 'bank', metric: 'bank_requests_total', label: 'bank' }],
  rows: [
    {
      title: 'Breakers',
      panels: [
        {
          title: 'State: 0 closed, 1 half-open, 2 open',
          width: 12,
          red: 2,
          queries: [['{{bank}}', 'max by (bank) (circuit_breaker_state{bank=~"$bank"})']],
        },
        {
          title: 'Calls through breakers',
          width: 12,
          queries: [
            [
              '{{bank}} {{result}}',
              rate('circuit_breaker_calls_total{bank=~"$bank"}', 'bank, result'),
            ],
          ],
        },
      ],
    },
    {
      title: 'Calls',
      panels: [
        {
          title: 'What calls brought',
          queries: [['{{outcome}}', rate('bank_requests_total{bank=~"$bank"}', 'outcome')]],
        },
        {
          title: 'Time to an answer',
          unit: 's',
          queries: [
            [
              '{{bank}} p99',
              quantile(0.99, 'bank_request_duration_seconds_bucket{bank=~"$bank"}', 'bank'),
            ],
          ],
        },
        {
          title: 'Payments recorded by the simulator',
          queries: [['{{bank}} {{verdict}}', rate('bank_payments_total', 'bank, verdict')]],
        },
      ],
    },
    {
      title: 'Exchange rates',
      panels: [
        {
          title: 'Age of the last known rates',
          unit: 's',
          red: 120,
          queries: [['{{instance}}', 'exchange_rates_age_seconds']],
        },
        {
          title: 'What asking for rates brought',
          queries: [['{{outcome}}', rate('exchange_rate_requests_total', 'outcome')]],
        },
        {
          title: 'Quotes',
          queries: [['{{outcome}}', rate('quotes_total', 'outcome')]],
        },
      ],
    },
    {
      title: 'Statements',
      panels: [
        {
          title: 'Breaks that are not resolved',
          red: 1,
          queries: [
            ['{{bank}} {{kind}}', 'max by (bank, kind) (statement_breaks_open{bank=~"$bank"})'],
          ],
        },
        {
          title: 'Age of the oldest break',
          unit: 's',
          red: 14_400,
          queries: [['{{bank}}', 'max by (bank) (statement_breaks_oldest_seconds{bank=~"$bank"})']],
        },
        {
          title: 'Age of the last statement',
          unit: 's',
          red: 93_600,
          queries: [['{{bank}}', 'max by (bank) (statement_age_seconds{bank=~"$bank"})']],
        },
        {
          title: 'Differences that nothing explains',
          why: 'A statement is missing between others, or was corrected after its breaks were.',
          red: 1,
          queries: [
            [
              '{{bank}} {{currency}}',
              'max by (bank, currency) (abs(statement_unexplained_minor_units{bank=~"$bank"}))',
            ],
          ],
        },
      ],
    },
    {
      title: 'Sagas',
      panels: [
        { title: 'Open by state', queries: [['{{state}}', 'max by (state) (sagas_open)']] },
        {
          title: 'Resolved',
          queries: [['{{kind}} {{outcome}}', rate('saga_resolutions_total', 'kind, outcome')]],
        },
        {
          title: 'Events handled',
          queries: [
            ['{{durable}} {{outcome}}', rate('messaging_events_handled_total', 'durable, outcome')],
          ],
        },
      ],
    },
  ],
};

const payments: Dashboard = {
  name: 'payments',
  title: 'Payments',
  rows: [
    {
      title: 'Planned transfers',
      panels: [
        {
          title: 'What became of occurrences',
          queries: [['{{outcome}}', rate('scheduled_occurrences_total', 'outcome')]],
        },
        {
          title: 'How late the latest is',
          unit: 's',
          red: 300,
          queries: [['late', 'max(scheduled_overdue_seconds)']],
        },
      ],
    },
    {
      title: 'Payment requests',
      panels: [
        {
          title: 'What became of them',
          queries: [['{{outcome}}', rate('payment_requests_total', 'outcome')]],
        },
        {
          title: 'Events that no stream has stored yet',
          queries: [['{{instance}}', 'payments_outbox_waiting']],
        },
      ],
    },
    {
      title: 'Files',
      panels: [
        {
          title: 'Lines',
          queries: [['{{outcome}}', rate('bulk_lines_total', 'outcome')]],
        },
        {
          title: 'Lines left',
          queries: [['left', 'max(bulk_lines_left)']],
        },
        {
          title: 'Files worked on',
          queries: [['files', 'max(bulk_files_running)']],
        },
        {
          title: 'Longest without work',
          unit: 's',
          red: 120,
          queries: [['idle', 'max(bulk_files_idle_seconds)']],
        },
      ],
    },
  ],
};

const rewards: Dashboard = {
  name: 'rewards',
  title: 'Rewards and mails',
  rows: [
    {
      title: 'Rewards',
      panels: [
        {
          title: 'What became of them',
          queries: [['{{outcome}}', rate('rewards_decided_total', 'outcome')]],
        },
        {
          title: 'What there is to pay from',
          queries: [['{{currency}}', 'max by (currency) (reward_purse_available)']],
        },
        {
          title: 'Left of each budget',
          unit: 'percentunit',
          queries: [['{{rule}}', 'max by (rule) (reward_budget_left_ratio)']],
        },
        {
          title: 'Longest wait for the ledger',
          unit: 's',
          red: 300,
          queries: [['waiting', 'max(rewards_waiting_seconds)']],
        },
        {
          title: 'Taken back, or not',
          queries: [['{{outcome}}', rate('reward_take_backs_total', 'outcome')]],
        },
      ],
    },
    {
      title: 'Mails and webhooks',
      panels: [
        {
          title: 'What became of mails',
          queries: [['{{outcome}}', rate('mails_total', 'outcome')]],
        },
        {
          title: 'Longest wait for a mail server',
          unit: 's',
          red: 900,
          queries: [['waiting', 'max(mails_waiting_seconds)']],
        },
        {
          title: 'Attempts at webhooks',
          queries: [['{{outcome}}', rate('webhook_attempts_total', 'outcome')]],
        },
      ],
    },
  ],
};

const jetstream: Dashboard = {
  name: 'jetstream',
  title: 'JetStream',
  rows: [
    {
      title: 'As services see it',
      panels: [
        {
          title: 'Published',
          queries: [
            ['{{service}} {{outcome}}', rate('messaging_published_total', 'service, outcome')],
          ],
        },
        {
          title: 'Published again',
          why: 'Acknowledgements get lost: a leader changes, or the server is slow.',
          queries: [['{{service}}', rate('messaging_publish_retries_total', 'service')]],
        },
        {
          title: 'Connected',
          kind: 'stat',
          queries: [['{{service}}', 'min by (service) (messaging_connected)']],
        },
        {
          title: 'Requests between services',
          queries: [
            [
              '{{subject}} {{outcome}}',
              rate('messaging_request_seconds_count', 'subject, outcome'),
            ],
          ],
        },
        {
          title: 'Their time',
          unit: 's',
          queries: [
            ['{{subject}} p99', quantile(0.99, 'messaging_request_seconds_bucket', 'subject')],
          ],
        },
        {
          title: 'Deliveries to consumers',
          queries: [
            ['{{durable}} {{outcome}}', rate('messaging_events_handled_total', 'durable, outcome')],
          ],
        },
      ],
    },
    {
      title: 'As the servers see it',
      panels: [
        {
          title: 'Messages in streams',
          queries: [['{{stream_name}}', 'max by (stream_name) (jetstream_stream_total_messages)']],
        },
        {
          title: 'Bytes in streams',
          unit: 'bytes',
          queries: [['{{stream_name}}', 'max by (stream_name) (jetstream_stream_total_bytes)']],
        },
        {
          title: 'Waiting for consumers',
          queries: [
            [
              '{{stream_name}} {{consumer_name}}',
              'max by (stream_name, consumer_name) (jetstream_consumer_num_pending)',
            ],
          ],
        },
        {
          title: 'Slow consumers',
          queries: [['{{server_id}}', 'gnatsd_varz_slow_consumers']],
        },
        { title: 'CPU of the servers', queries: [['{{server_id}}', 'gnatsd_varz_cpu']] },
        {
          title: 'Memory of the servers',
          unit: 'bytes',
          queries: [['{{server_id}}', 'gnatsd_varz_mem']],
        },
      ],
    },
  ],
};

const runtime: Dashboard = {
  name: 'runtime',
  title: 'Node runtime',
  variables: [{ name: 'service', metric: 'process_start_time_seconds', label: 'service' }],
  rows: [
    {
      title: 'Processes',
      panels: [
        {
          title: 'CPU',
          unit: 'percentunit',
          queries: [
            [
              '{{service}} {{instance}}',
              'rate(process_cpu_seconds_total{service=~"$service"}[$__rate_interval])',
            ],
          ],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          queries: [
            ['{{service}} {{instance}}', 'process_resident_memory_bytes{service=~"$service"}'],
          ],
        },
        {
          title: 'Starts in an hour',
          queries: [
            [
              '{{service}}',
              'sum by (service) (changes(process_start_time_seconds{service=~"$service"}[1h]))',
            ],
          ],
        },
      ],
    },
    {
      title: 'Event loop and heap',
      panels: [
        {
          title: 'Event loop lag, p99',
          unit: 's',
          red: 0.25,
          queries: [
            ['{{service}} {{instance}}', 'nodejs_eventloop_lag_p99_seconds{service=~"$service"}'],
          ],
        },
        {
          title: 'Heap in use',
          unit: 'bytes',
          queries: [
            ['{{service}} {{instance}}', 'nodejs_heap_size_used_bytes{service=~"$service"}'],
          ],
        },
        {
          title: 'Collecting garbage',
          unit: 'percentunit',
          queries: [
            [
              '{{service}} {{kind}}',
              rate('nodejs_gc_duration_seconds_sum{service=~"$service"}', 'service, kind'),
            ],
          ],
        },
        {
          title: 'Open handles',
          queries: [
            ['{{service}} {{instance}}', 'nodejs_active_handles_total{service=~"$service"}'],
          ],
        },
        {
          title: 'Open files',
          queries: [['{{service}} {{instance}}', 'process_open_fds{service=~"$service"}']],
        },
        {
          title: 'Outside the heap',
          unit: 'bytes',
          queries: [
            ['{{service}} {{instance}}', 'nodejs_external_memory_bytes{service=~"$service"}'],
          ],
        },
      ],
    },
  ],
};

const promises: Dashboard = {
  name: 'promises',
  title: 'Promises',
  rows: [
    {
      title: 'Kept',
      panels: [
        {
          title: 'Bad in three days',
          kind: 'stat',
          unit: 'percentunit',
          width: 12,
          queries: [['{{promise}}', 'promise_bad:ratio_rate3d']],
        },
        {
          title: 'Budget',
          kind: 'stat',
          unit: 'percentunit',
          width: 12,
          queries: [['{{promise}}', 'promise_budget:ratio']],
        },
      ],
    },
    {
      title: 'How fast budgets burn',
      panels: [
        {
          title: 'Times the budget',
          why: '1 uses up the budget of a month in a month; 14.4 in two days.',
          width: 24,
          red: 14.4,
          queries: PROMISES,
        },
      ],
    },
    {
      title: 'Behind it',
      panels: [
        {
          title: 'Failed calls',
          queries: [['{{route}}', rate(calls('status="5xx"'), 'route')]],
        },
        {
          title: 'Slow routes, p99',
          unit: 's',
          red: 0.5,
          queries: [['{{route}}', quantile(0.99, callTimes(), 'route')]],
        },
        {
          title: 'Slow banks, p99',
          unit: 's',
          queries: [['{{bank}}', quantile(0.99, 'bank_request_duration_seconds_bucket', 'bank')]],
        },
      ],
    },
  ],
};

/** Each becomes a file of charts/observability/dashboards, written by `npm run gen`. */
export const DASHBOARDS: Dashboard[] = [
  platform,
  transactions,
  ledger,
  fraud,
  banks,
  payments,
  rewards,
  people,
  jetstream,
  runtime,
  promises,
];
