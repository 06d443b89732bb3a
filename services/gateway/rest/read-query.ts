import { ok, refuse, type Result } from '@florin/kernel';

/** `metadata[order]` is the member `order` of `metadata`. */
const MEMBER = /^([a-zA-Z]+)\[([^\]]*)\]$/;

type RawQuery = Record<string, string | Record<string, string>>;

/**
 * Reads a query string into text values, one level deep. A parameter that comes twice is a mistake
 * that must not be answered by picking one. The error is the parameter's name.
 */
export function readQuery(search: string): Result<RawQuery, string> {
  // Objects without a prototype: a parameter called __proto__ is only an unknown parameter.
  const query = Object.create(null) as RawQuery;
  for (const [name, value] of new URLSearchParams(search)) {
    const [, outer, inner] = MEMBER.exec(name) ?? [];
    if (outer === undefined || inner === undefined) {
      if (name in query) return refuse(name);
      query[name] = value;
      continue;
    }
    const members = (query[outer] ??= Object.create(null) as Record<string, string>);
    if (typeof members === 'string' || inner in members) return refuse(name);
    members[inner] = value;
  }
  return ok(query);
}
