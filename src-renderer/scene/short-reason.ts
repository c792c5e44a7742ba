/**
 * The reason why a pod waits in the few words that a card has room for; the inspector shows all of it.
 * What holds for most nodes comes first; the keys of taints and what preemption found would push it out of sight.
 */
export function shortReason(waiting: string): string {
  const said = /^\d+\/\d+ nodes are available: (.*)$/s.exec(waiting)?.[1];
  // Which volume and whose pods is said where there is room.
  if (said === undefined) return waiting.replace(/^(Multi-Attach error) for volume .*$/s, '$1');
  const counts = new Map<string, number>();
  const reasons = said
    .replace(/\.? preemption: .*$/s, '')
    .replace(/ \{[^}]*\}/g, '')
    .replace(/\.$/, '');
  for (const part of reasons.split(', ')) {
    const [, count, reason] = /^(\d+) (.+)$/s.exec(part) ?? [];
    if (count === undefined || reason === undefined) return reasons;
    counts.set(reason, (counts.get(reason) ?? 0) + Number(count));
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ');
}
