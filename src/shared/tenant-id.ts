/** No id of a registration, and no tenant, has this character. */
const SEPARATOR = '~';

/** The id of a tenant that has keys of its own, where its registration is for many: for operators, who see and refresh each. */
export function idOfTenant(registrationId: string, tenant: string): string {
  return `${registrationId}${SEPARATOR}${tenant}`;
}

/** What an id begins with that {@link idOfTenant} has made; callers that sign assertions have a colon in theirs, and may have a tilde, too. */
const ofTenant = /^([a-z0-9._-]+)~/;

/** The id of the registration. Metrics go by it, because every tenant would be a time series. */
export function registrationIdOf(id: string): string {
  const [, registrationId] = ofTenant.exec(id) ?? [];
  return registrationId ?? id;
}
