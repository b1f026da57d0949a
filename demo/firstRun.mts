/**
 * Runs "Customer onboarding" with the compiled package in n8n's engine, in a process of its own: the engine's settings
 * are in its environment, and n8n itself has others. Prints what the workflow answers.
 *
 *   node --import tsx demo/firstRun.mts '<credential>' '<customer>'
 */
import { createRequire } from 'node:module';

import type { IDataObject } from 'n8n-workflow';

import { removeHome } from './engine.mts';
import { type PackageClasses, runInEngine } from './engineRun.mts';
import { exampleOf } from './examples.mts';

const compiled = createRequire(import.meta.url);
const classes: PackageClasses = {
	node: compiled('../dist/nodes/PlivoSipTrunking/PlivoSipTrunking.node.js').PlivoSipTrunking,
	credential: compiled('../dist/credentials/PlivoSipTrunkingApi.credentials.js')
		.PlivoSipTrunkingApi,
};
const [account = {}, customer = {}] = process.argv
	.slice(2)
	.map((json) => JSON.parse(json) as IDataObject);
const example = exampleOf('customerOnboarding', {
	plivoSipTrunkingApi: { id: 'plivoSipTrunking', name: 'Plivo SIP Trunking account' },
});
try {
	console.log(JSON.stringify(await runInEngine(example, classes, account, customer)));
} finally {
	removeHome();
}
