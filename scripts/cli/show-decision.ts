import type { RiskDecisionRecord } from '@florin/contracts';
import { formatTable } from './format-table.ts';
import type { Report } from './report.ts';
import type { Session } from './session.ts';

/** A number as short as it can be told. */
const short = (value: number | undefined): string =>
  value === undefined ? '' : String(Number(value.toPrecision(4)));

/** A decision with its reasons and all values that it was made of. */
export async function showDecision(session: Session, transactionId: string): Promise<Report> {
  const path = `/v1/admin/decisions/${encodeURIComponent(transactionId)}`;
  const data = await session.get<RiskDecisionRecord>(path);
  const { risk, label } = data;
  const facts = [
    ['transaction', data.transactionId],
    ['wallet', data.walletId],
    ['decided', `${risk.decision} (${risk.mode}) at ${data.decidedAt}`],
    ['score', `${short(risk.score ?? undefined)} (logit ${short(data.logit)})`],
    ['model', `${risk.modelVersion}, features ${data.featureVersion}`],
    ...(data.reconstructed === true ? [['features', 'made afterwards, for the record']] : []),
    ['turned out', label === undefined ? 'not known' : `${label.label} (${label.source})`],
    ...data.challengers.map((one) => [
      `looks on: ${one.modelVersion}`,
      `${one.decision} ${short(one.score)}`,
    ]),
  ];
  const reasons = risk.reasons.map(({ code, text, share, value, usual, unit }) => [
    code,
    text,
    short(share),
    short(value),
    short(usual),
    unit,
  ]);
  const features = Object.entries(data.features).map(([name, value]) => [name, short(value)]);
  return {
    data,
    text: [
      formatTable(['', ''], facts),
      ...(reasons.length === 0
        ? []
        : [formatTable(['reason', 'text', 'share', 'here', 'usual', 'unit'], reasons)]),
      formatTable(['feature', 'value'], features),
    ].join('\n\n'),
  };
}
