import type { Mistake } from './mistake.js';
import { wrongCallersAndServer } from './wrong-callers-and-server.js';
import { wrongIssuerDetails } from './wrong-issuer-details.js';
import { wrongIssuers } from './wrong-issuers.js';
import { wrongShapes } from './wrong-shapes.js';

/** Every mistake that the loader is tested with, and the schema too where it can know. */
export const mistakes: readonly Mistake[] = [
  ...wrongShapes,
  ...wrongIssuers,
  ...wrongIssuerDetails,
  ...wrongCallersAndServer,
];
