/**
 * Watches how something is judged, and decides nothing. It is optional wherever it is taken: `witness?.saw({ … })` does not
 * even make its argument where there is no witness, so that a request pays one comparison for each step.
 */
export interface Witness<Step> {
  /** Must not throw. */
  saw(step: Step): void;
}
