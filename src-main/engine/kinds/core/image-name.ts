// The parts of an image reference that decide how it is pulled. upstream: pkg/util/parsers/parsers.go ParseImageName

/** The tag; `latest` when neither tag nor digest is given, '' when only a digest is. */
export function imageTag(image: string): string {
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon >= 0) return named.slice(colon + 1);
  return at < 0 ? 'latest' : '';
}
