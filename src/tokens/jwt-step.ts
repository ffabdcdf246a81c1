import type { JsonObject } from '../shared/json-value.js';

/** What a {@link Witness} is shown of taking a token apart and of checking its signature. */
export type JwtStep =
  | {
      /** A header was read; whether it is acceptable comes next. */
      readonly step: 'header';
      readonly members: JsonObject;
    }
  | {
      /** One candidate key was tried. */
      readonly step: 'key_tried';
      readonly thumbprint: string;
      readonly isSigner: boolean;
    };
