// The way to the project's documents, which the same listener serves as pages: at night nothing else may be within reach.

/** A page below `docs/` with its paragraph, as the documents name it. @returns the address of that page */
export function pageOf(place: string): string {
  return place.replace(/\.md(?=#|$)/, '.html');
}

export function Runbook({ place }: { readonly place: string }) {
  return <a href={pageOf(place)}>Runbook</a>;
}

/** What says more about each view. */
const documents: Readonly<Record<string, string>> = {
  issuers: 'docs/key-lifecycle.md',
  denials: 'docs/admin.md#deny-a-key',
  events: 'docs/admin.md#what-happened-lately',
  replicas: 'docs/admin.md#the-whole-fleet',
  regions: 'docs/operations.md#a-redis-in-each-region',
  troubles: 'docs/operations.md#alerts',
  callers: 'docs/admin.md#who-asks',
  hygiene: 'docs/governance.md',
  explain: 'docs/admin.md#explain-a-verdict',
};

export function DocumentLinks({ view }: { readonly view: string }) {
  return (
    <>
      <a href={pageOf(documents[view] ?? 'docs/console.md')}>About this view</a> ·{' '}
      <a href={pageOf('docs/operations.md')}>Runbook</a> · <a href="docs/">Documents</a>
    </>
  );
}
