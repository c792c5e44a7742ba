// What a client is to be told besides the answer, as headers. upstream: apimachinery pkg/util/net NewWarningHeader

export function warningHeaders(warnings: readonly string[]): readonly string[] {
  return warnings.map((text) => `299 - ${JSON.stringify(text.replace(/[^\x20-\x7e]/g, '?'))}`);
}
