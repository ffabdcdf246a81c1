/** No id of a registration, and no tenant, has this character. */
const SEPARATOR = '~';

/** The id of a tenant that has keys of its own, where its registration is for many: for operators, who see and refresh each. */
export function idOfTenant(registrationId: string, tenant: string): string {
  return `${registrationId}${SEPARATOR}${tenant}`;
}

/** The id of the registration. Metrics go by it, because every tenant would be a time series. */
export function registrationIdOf(id: string): string {
  const end = id.indexOf(SEPARATOR);
  return end < 0 ? id : id.slice(0, end);
}
