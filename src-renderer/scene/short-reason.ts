/**
 * The scheduler's reason in the few words that a card has room for; the inspector shows all of it.
 * What every such message begins with, and the keys of taints, would push the telling part out of sight.
 */
export function shortReason(waiting: string): string {
  return waiting.replace(/^\d+\/\d+ nodes are available: /, '').replace(/ \{[^}]*\}/g, '');
}
