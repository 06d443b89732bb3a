/**
 * The first half of an IPv6 address, in one spelling: a household has as many addresses in it as it
 * likes, so that it counts as one.
 */
export function ipv6Network(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === '' ? [] : tail.split(':');
  const gap = address.includes('::') ? 8 - groups.length - behind.length : 0;
  const all = [...groups, ...Array.from({ length: Math.max(0, gap) }, () => '0'), ...behind];
  const first = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${first.join(':')}::/64`;
}
