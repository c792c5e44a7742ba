/**
 * Reads `key` or `key=value` as a person writes a taint; what the API server would not take is null.
 * The server says so too; here it only keeps a button from being pressed in vain.
 */
export function readTaint(text: string): { readonly key: string; readonly value: string } | null {
  const [key = '', value = '', ...more] = text.trim().split('=');
  const isKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(key);
  const isValue = value === '' || /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(value);
  return isKey && isValue && more.length === 0 ? { key, value } : null;
}
