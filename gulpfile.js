const { rm } = require('node:fs/promises');
const { dest, src, watch } = require('gulp');

/** What n8n reads beside the compiled code: icons and codex files. */
const ASSETS = ['nodes', 'credentials'].map((folder) => `${folder}/**/*.{svg,node.json}`);

/** Where the compiled code is; `npm run dev` has it in n8n's own copy of the package. */
const DIST = process.env.DIST ?? 'dist';

/** Copies the icons and codex files into the folders the compiled code expects them in. */
function build() {
	return src(ASSETS, { base: '.', encoding: false }).pipe(dest(DIST));
}

/** Copies again whenever an icon or codex file changes. */
function watchAssets() {
	return watch(ASSETS, { ignoreInitial: false }, build);
}

/** Removes dist, so that nothing of an earlier build is packed. */
async function clean() {
	await rm(DIST, { recursive: true, force: true });
}

exports.build = build;
exports.watch = watchAssets;
exports.clean = clean;
