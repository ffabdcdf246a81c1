// `npm run build`
import { build } from './prepare.mjs';

await build().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
