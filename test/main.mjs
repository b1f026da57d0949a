/**
 * npm test: installs the development dependencies that are missing, then runs jest with the given arguments.
 * package.json has no pre-scripts: .npmrc keeps npm from running install scripts, and these with them.
 */
import { ensureDependencies, main } from '../demo/install.mjs';

await main(async () => {
	await ensureDependencies();
	await import('jest/bin/jest');
});
