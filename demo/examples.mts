/** The example workflows. Their files name no credential: n8n asks for each, and publishes none without. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';

import { PLATFORM_KEYS } from '../simulator/platforms/platforms.mts';

const FOLDER = 'workflows';

/** A workflow as n8n's command line imports it. */
export interface Example {
	id: string;
	name: string;
	active: boolean;
	nodes: INode[];
	connections: IConnections;
	settings: IWorkflowSettings;
	pinData: Record<string, Array<{ json: Record<string, unknown> }>>;
	meta: Record<string, unknown>;
}

/** Credentials by their type, as nodes refer to them; those for a platform by `<id of the example>.<type>`. */
export type ReadyCredentials = Record<string, { id: string; name: string }>;

/** A credential as n8n's command line imports it. */
interface StoredCredential {
	id: string;
	name: string;
	type: string;
	data: Record<string, string>;
}

const bearer = (token: string) => ['httpBearerAuth', { token }] as const;

/** The examples that speak to a voice platform: its stand-in in the simulator, and the key of that. */
const PLATFORM_EXAMPLES = {
	connectElevenLabs: [
		'elevenlabs',
		'httpHeaderAuth',
		{ name: 'xi-api-key', value: PLATFORM_KEYS.elevenlabs },
	],
	connectRetell: ['retell', ...bearer(PLATFORM_KEYS.retell)],
	connectVapi: ['vapi', ...bearer(PLATFORM_KEYS.vapi)],
	connectXai: ['xai', ...bearer(PLATFORM_KEYS.xai)],
	connectLiveKit: [
		'livekit',
		'jwtAuth',
		{ keyType: 'passphrase', secret: PLATFORM_KEYS.livekit.apiSecret, algorithm: 'HS256' },
	],
} as const satisfies Record<string, readonly [string, string, Record<string, string>]>;

const referenceTo = (id: string, platform: string) => ({
	id: `${id}Key`,
	name: `Key of the ${platform} stand-in`,
});

/** The keys of the platforms' stand-ins as n8n's credentials. */
export const PLATFORM_CREDENTIALS: readonly StoredCredential[] = Object.entries(
	PLATFORM_EXAMPLES,
).map(([id, [platform, type, data]]) => ({
	...referenceTo(id, platform),
	type,
	data: { ...data },
}));

/** {@link PLATFORM_CREDENTIALS} as nodes refer to them. */
export const PLATFORMS_READY: ReadyCredentials = Object.fromEntries(
	Object.entries(PLATFORM_EXAMPLES).map(([id, [platform, type]]) => [
		`${id}.${type}`,
		referenceTo(id, platform),
	]),
);

/** The type of the credential that a node needs; undefined where it needs none. */
export function credentialTypeOf({ type, parameters }: INode): string | undefined {
	if (/\.plivoSipTrunking(Trigger|Tool)?$/.test(type)) return 'plivoSipTrunkingApi';
	if (/\.emailSend(HitlTool)?$/.test(type)) return 'smtp';
	if (type.endsWith('.lmChatOpenAi')) return 'openAiApi';
	if (type.endsWith('.googleSheets')) return 'googleSheetsOAuth2Api';
	if (type.endsWith('.jwt')) return 'jwtAuth';
	if (parameters.authentication === 'genericCredentialType')
		return String(parameters.genericAuthType);
	if (type.endsWith('.slack')) return 'slackApi';
	if (type.endsWith('.microsoftTeams')) return 'microsoftTeamsOAuth2Api';
	if (type.endsWith('.discord')) return 'discordWebhookApi';
	if (parameters.authentication === 'headerAuth') return 'httpHeaderAuth';
	if (parameters.authentication === 'basicAuth') return 'httpBasicAuth';
	return undefined;
}

/**
 * Reads the example workflows, sorted by file name.
 * @param ready put into every node that needs one of that type
 * @param platformsUrl where the platforms' stand-ins are: requests go there instead of to the platforms
 */
export function readExamples(ready: ReadyCredentials = {}, platformsUrl?: string): Example[] {
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Example)
		.map((example) => ({
			...example,
			nodes: example.nodes.map((node) =>
				redirected(equipped(node, ready, example.id), example.id, platformsUrl),
			),
		}));
}

function equipped(node: INode, ready: ReadyCredentials, exampleId: string): INode {
	const type = credentialTypeOf(node);
	if (type === undefined) return node;
	const isPlatforms = exampleId in PLATFORM_EXAMPLES && /\.(httpRequest|jwt)$/.test(node.type);
	const credential = ready[isPlatforms ? `${exampleId}.${type}` : type];
	return credential
		? { ...node, credentials: { [type]: { id: credential.id, name: credential.name } } }
		: node;
}

/** A node that sends a platform's requests to its stand-in. */
function redirected(node: INode, exampleId: string, platformsUrl: string | undefined): INode {
	const [platform] = PLATFORM_EXAMPLES[exampleId as keyof typeof PLATFORM_EXAMPLES] ?? [];
	if (!platform || !platformsUrl || !node.type.endsWith('.httpRequest')) return node;
	const [, url] = /^=\{\{ (.+) \}\}$/.exec(String(node.parameters.url)) ?? [];
	const standIn = JSON.stringify(`${platformsUrl}/${platform}`);
	const local = `={{ (${url}).replace(/^https:[/][/][^/]+/, ${standIn}) }}`;
	return { ...node, parameters: { ...node.parameters, url: local } };
}

/** An example by its id. */
export function exampleOf(id: string, ready?: ReadyCredentials, platformsUrl?: string): Example {
	const example = readExamples(ready, platformsUrl).find((one) => one.id === id);
	if (!example) throw new Error(`There is no example workflow ${id}.`);
	return example;
}
