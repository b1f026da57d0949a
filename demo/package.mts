/** The package as people get it: built, packed, and installed into an n8n user folder. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './processes.mts';

const PACKAGE = 'n8n-nodes-plivo-sip-trunking';

/** Where n8n keeps a user folder's community packages. */
const packagesFolder = (userFolder: string) => join(userFolder, '.n8n/nodes');

/** Where n8n finds this package in a user folder. */
export const installedFolder = (userFolder: string) =>
	join(packagesFolder(userFolder), 'node_modules', PACKAGE);

/**
 * Compiles the package into dist.
 * @throws {Error} with the compiler's last lines
 */
export async function buildPackage(): Promise<void> {
	await run('npm', ['run', 'build']);
}

/**
 * Packs what would be published: `npm pack`.
 * @param folder where the tarball goes; made when missing, earlier tarballs are removed
 * @returns the tarball's path
 */
export async function packPackage(folder: string): Promise<string> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('npm', ['pack', '--silent', '--pack-destination', folder]);
	const [tarball] = await readdir(folder);
	if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}`);
	return join(folder, tarball);
}

/**
 * Installs a tarball the way n8n installs a community package: unpacked under .n8n/nodes, without peer dependencies
 * (`n8n-workflow` is n8n's own), noted in .n8n/nodes/package.json. n8n then runs `npm install` for run-time
 * dependencies; this package has none.
 * Source: n8n 2.41.1, modules/community-packages/community-packages.service, downloadPackage.
 * @param userFolder n8n's N8N_USER_FOLDER
 * @param tarball as `packPackage` makes it
 */
export async function installPackageInto(userFolder: string, tarball: string): Promise<void> {
	const folder = installedFolder(userFolder);
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);

	const manifestPath = join(folder, 'package.json');
	const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as Record<string, unknown>;
	delete manifest.devDependencies;
	delete manifest.peerDependencies;
	await writeFile(manifestPath, JSON.stringify(manifest, null, 2));
	await writeFile(
		join(packagesFolder(userFolder), 'package.json'),
		JSON.stringify({
			name: 'installed-nodes',
			private: true,
			dependencies: { [PACKAGE]: manifest.version },
		}),
	);
}
