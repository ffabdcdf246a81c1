import { readKeyUrl } from '../../shared/key-url.js';
import type { Place } from '../../shared/configuration/place.js';
import { warnOfRepeated, type Written } from '../../shared/configuration/written.js';

/** Where documents about protected resources are, before the path of the resource (RFC 9728 §3). */
export const resourceDocuments = '/.well-known/oauth-protected-resource';

/** Most segments in the path of a resource: each number of them is a route of its own. */
export const MOST_RESOURCE_SEGMENTS = 8;

/** What clients know a protected resource by, and where they read about it. Immutable. */
export interface ProtectedResource {
  /** As it is registered: clients compare it with the URL that they asked for. */
  readonly identifier: string;
  /** Its path, decoded, without the slash of a bare origin; none for a resource that is a whole origin. */
  readonly segments: readonly string[];
  /** URL of its document, at its own origin (RFC 9728 §3.1). */
  readonly documentUrl: string;
}

const expected =
  'an https URL as clients write it, without query and fragment, such as https://api.corp.example/orders';

/** Makes `resource` of a profile ready. @returns `undefined` after reporting */
export function prepareResource(identifier: string, place: Place): ProtectedResource | undefined {
  const url = readKeyUrl(identifier, { allowPrivate: true });
  const found = typeof url === 'string' ? url : defectOf(identifier, url);
  const segments = typeof url === 'string' ? undefined : segmentsOf(url);
  if (typeof url === 'string' || found !== undefined || !segments) {
    place.refuse(found ?? 'a path with an escape that is none', expected);
    return undefined;
  }
  if (segments.includes('')) {
    place.refuse('an empty segment in the path', 'a path without a slash at its end, nor two beside each other');
    return undefined;
  }
  if (segments.length > MOST_RESOURCE_SEGMENTS) {
    place.refuse(`${segments.length} segments in the path`, `at most ${MOST_RESOURCE_SEGMENTS}`);
    return undefined;
  }
  const path = segments.length === 0 ? '' : url.pathname;
  return { identifier, segments, documentUrl: `${url.origin}${resourceDocuments}${path}` };
}

/** Documents are found by the path of the resource: of two that have one path, only `?caller=` says which is meant. */
export function warnOfSharedPaths(resources: readonly Written[]): void {
  const paths = resources.map(({ text, place }) => {
    const path = text === undefined ? undefined : URL.parse(text)?.pathname;
    return { text: path, place };
  });
  const remedy =
    'a resource with another path, or ?caller= with the id of the caller where the proxy asks for its document';
  warnOfRepeated(paths, remedy);
}

/** Clients compare texts: what they would write otherwise never equals what they asked for. */
function defectOf(identifier: string, url: URL): string | undefined {
  if (identifier.includes('?')) return 'a query in the URL';
  return url.href === identifier || url.href === `${identifier}/` ? undefined : `a URL that clients write ${url.href}`;
}

function segmentsOf({ pathname }: URL): readonly string[] | undefined {
  if (pathname === '/') return [];
  try {
    return pathname.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
