type Search = Record<string, unknown>;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The named texts of an address's query; whatever else it holds is left out. */
export const readTexts =
  <Name extends string>(...names: Name[]) =>
  (search: Search): { [N in Name]?: string } => {
    const given = names.filter((name) => isText(search[name]));
    return Object.fromEntries(given.map((name) => [name, search[name]])) as never;
  };

/** Only a path of ours: nobody is led elsewhere by a link to the sign-in page. */
export function readNext({ next }: Search): { next?: string } {
  return isText(next) && /^\/(?![/\\])/.test(next) ? { next } : {};
}
