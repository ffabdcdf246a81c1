// One of the checks of `npm run check`: says which ids of requirements nobody explains, and which ones no test names.
import { readRequirements, requirementProblems, requirementUses } from './requirements.mjs';

const problems = requirementProblems(readRequirements(), requirementUses());
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
