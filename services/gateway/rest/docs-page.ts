import { PROBLEMS } from '@florin/contracts';
import type { OpenApi, Operation } from './openapi.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 56rem; margin: 0 auto; padding: 1rem; }
  h2 { margin-top: 2.5rem; }
  summary { cursor: pointer; padding: .4rem 0; }
  summary b { display: inline-block; min-width: 4rem; }
  code, pre { font: .85rem ui-monospace, monospace; }
  pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: .4rem; }
  table { border-collapse: collapse; width: 100%; }
  td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
  details { border-bottom: 1px solid #8884; }
`;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const row = (cells: string[]): string =>
  `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;

const schemaBlock = (title: string, schema: unknown): string =>
  `<h4>${title}</h4><pre>${escape(JSON.stringify(schema, null, 2))}</pre>`;

function parameterTable(parameters: Operation['parameters']): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, required, description, schema }) =>
    row([
      `<code>${escape(name)}</code>`,
      place + (required ? ', required' : ''),
      escape(description ?? textOf(schema['description'])),
    ]),
  );
  return `<h4>Parameters</h4><table>${rows.join('')}</table>`;
}

function responseTable(responses: Operation['responses']): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const schema = content?.['application/json']?.schema['$ref'];
    const name = typeof schema === 'string' ? schema.split('/').at(-1) : undefined;
    const link = name === undefined ? '' : ` <a href="#${name}">${name}</a>`;
    return row([`<b>${status}</b>`, escape(description) + link]);
  });
  return `<h4>Answers</h4><table>${rows.join('')}</table>`;
}

function accessText({ security }: Operation): string {
  const scopes = security.flatMap((scheme) => scheme['machine'] ?? []);
  if (security.length === 0) return 'Open to everybody.';
  return scopes.length === 0 ? 'For people.' : `Scope <code>${scopes.join()}</code>.`;
}

function operationBlock(path: string, method: string, operation: Operation): string {
  const body = operation.requestBody?.content['application/json']?.schema;
  return `<details><summary><b>${method.toUpperCase()}</b> <code>${escape(path)}</code>
    ${escape(operation.summary)}</summary>
    <p>${escape(operation.description ?? '')} ${accessText(operation)}</p>
    ${parameterTable(operation.parameters)}
    ${body === undefined ? '' : schemaBlock('Body', body)}
    ${responseTable(operation.responses)}</details>`;
}

function operationsByTag(api: OpenApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const byTag = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  return [...byTag]
    .map(
      ([tag, group]) =>
        `<h2>${escape(tag)}</h2>` +
        group
          .map(({ path, method, operation }) => operationBlock(path, method, operation))
          .join(''),
    )
    .join('');
}

const problemTable = (): string =>
  Object.entries(PROBLEMS)
    .map(([code, { status, title }]) =>
      row([`<code id="${code}">${code}</code>`, String(status), escape(title)]),
    )
    .join('');

const schemaSections = ({ components }: OpenApi): string =>
  Object.entries(components.schemas)
    .map(([name, schema]) => `<section id="${name}">${schemaBlock(name, schema)}</section>`)
    .join('');

/** The description as one page that needs no script and nothing from other hosts. */
export const renderDocsPage = (api: OpenApi): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(api.info.title)} API</title><style>${STYLE}</style></head>
<body><h1>${escape(api.info.title)} API</h1><p>${escape(api.info.description)}</p>
<p><a href="/openapi.json">openapi.json</a></p>
${operationsByTag(api)}
<h2>Codes</h2><table>${problemTable()}</table>
<h2>Schemas</h2>${schemaSections(api)}
</body></html>
`;
