import { expect, it } from 'vitest';
import { auditActions } from '../../src/telemetry/audit.js';
import { textOf } from './support/alert-rules.js';

it('every action of the audit trail is explained on its page, or stands in an example there', () => {
  const page = textOf('docs', 'audit.md');
  const missing = auditActions.filter((action) => !page.includes(`\`${action}\``) && !page.includes(`"${action}"`));
  expect(missing).toEqual([]);
});
