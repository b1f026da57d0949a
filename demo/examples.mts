/** The example workflows. Their files name no credential: n8n asks for each, and publishes none without. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode } from 'n8n-workflow';

const FOLDER = 'workflows';

/** A workflow as n8n's command line imports it. */
export interface Example {
	id: string;
	name: string;
	active: boolean;
	nodes: INode[];
	connections: Record<string, unknown>;
	settings: Record<string, unknown>;
	pinData: Record<string, Array<{ json: Record<string, unknown> }>>;
	meta: Record<string, unknown>;
}

/** Credentials by their type, as nodes refer to them. */
export type ReadyCredentials = Record<string, { id: string; name: string }>;

/** The type of the credential that a node needs; undefined where it needs none. */
export function credentialTypeOf({ type, parameters }: INode): string | undefined {
	if (/\.plivoSipTrunking(Trigger|Tool)?$/.test(type)) return 'plivoSipTrunkingApi';
	if (/\.emailSend(HitlTool)?$/.test(type)) return 'smtp';
	if (type.endsWith('.lmChatOpenAi')) return 'openAiApi';
	if (type.endsWith('.googleSheets')) return 'googleSheetsOAuth2Api';
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
 */
export function readExamples(ready: ReadyCredentials = {}): Example[] {
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Example)
		.map((example) => ({ ...example, nodes: example.nodes.map((node) => equipped(node, ready)) }));
}

function equipped(node: INode, ready: ReadyCredentials): INode {
	const type = credentialTypeOf(node);
	const credential = type === undefined ? undefined : ready[type];
	return type === undefined || !credential
		? node
		: { ...node, credentials: { [type]: { id: credential.id, name: credential.name } } };
}

/** An example by its id. */
export function exampleOf(id: string, ready?: ReadyCredentials): Example {
	const example = readExamples(ready).find((one) => one.id === id);
	if (!example) throw new Error(`There is no example workflow ${id}.`);
	return example;
}
