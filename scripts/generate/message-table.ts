import { shapesOf, type JsonSchema } from './json-schema.ts';
import type { MessageSchema } from './message-schemas.ts';

/** The fields of a message's data; `?` behind those that are not in every one. */
function fieldsOf({ properties = {} }: JsonSchema): string {
  const shapes = shapesOf(properties['data'] ?? {});
  const names = new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})));
  const isAlwaysThere = (name: string): boolean =>
    shapes.every(({ required = [] }) => required.includes(name));
  return [...names].map((name) => (isAlwaysThere(name) ? name : `${name}?`)).join(', ');
}

const rowOf = ({ type, producers, subject, schema }: MessageSchema): string =>
  `| [${type}](${type}.json) | ${producers.join(', ')} | \`${subject}\` | ${fieldsOf(schema)} |`;

/** The index of the schemas, in Markdown. */
export const messageTable = (messages: readonly MessageSchema[]): string => `# Messages

Made by \`npm run gen\` from the schemas that services validate with. A NATS message carries a JSON
array of these events of one partition, signed by their producer. Readers ignore fields they do not
know: a new optional field keeps the version of a type, any other change makes a new version.

| type | from | subject | data |
| --- | --- | --- | --- |
${messages.map(rowOf).join('\n')}
`;
