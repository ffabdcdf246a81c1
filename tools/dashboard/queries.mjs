// What queries of the dashboard are made of.

/** What may be chosen at the top; the names are used in the queries below. */
export const variables = [
  { name: 'job', label: 'Job', query: 'label_values(assay_ready, job)' },
  { name: 'region', label: 'Region', query: 'label_values(assay_jwks_state{job=~"$job"}, region)' },
  { name: 'issuer', label: 'Issuer', query: 'label_values(assay_jwks_state{job=~"$job", region=~"$region"}, issuer)' },
  { name: 'caller', label: 'Caller', query: 'label_values(assay_requests_total{job=~"$job"}, caller)' },
  { name: 'door', label: 'Door', query: 'label_values(assay_requests_total{job=~"$job"}, door)' },
];

export const job = 'job=~"$job"';
export const region = `${job}, region=~"$region"`;
export const keys = `${region}, issuer=~"$issuer"`;
export const issuer = `${job}, issuer=~"$issuer"`;
export const asked = `${job}, caller=~"$caller", door=~"$door"`;

export const rate = (series) => `rate(${series}[$__rate_interval])`;
export const increase = (series) => `increase(${series}[$__rate_interval])`;
/** Of rare events: a counter begins with its first one, which no increase sees, because there is nothing before it to compare with. */
export const events = (series) => `(${series} unless ${series} offset $__rate_interval) or ${increase(series)}`;
export const sum = (by, of) => `sum by (${by}) (${of})`;
export const max = (by, of) => `max by (${by}) (${of})`;
export const quantile = (q, by, buckets) => `histogram_quantile(${q}, ${sum(by ? `le, ${by}` : 'le', rate(buckets))})`;
