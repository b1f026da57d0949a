/** Runs once before the tests: installs the n8n versions they need, and packs the package as npm would publish it. */
import { tsImport } from 'tsx/esm/api';

import { ensureRuntimes } from '../../demo/install.mjs';

export default async function prepare() {
	const { buildPackage, packPackage } = await tsImport('../../demo/package.mts', import.meta.url);
	const { PACKED, VERSIONS } = await tsImport('./stand.mts', import.meta.url);
	await ensureRuntimes(VERSIONS);
	await buildPackage();
	await packPackage(PACKED);
}
