/** The example workflows in a real n8n with credentials, a mailbox and a browser: what their tests start from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readExamples, type ReadyCredentials } from '../../demo/examples.mts';
import { type Mail, type Mailbox, startMailbox } from '../../demo/mailbox.mts';
import { type N8n, type Session, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import type { LoggedRequest } from '../../simulator/simulator.mts';
import { there } from '../support/elements.mts';
import { type Editor, openBrowser } from './browser.mts';
import {
	ACCOUNT,
	eventually,
	OWNER,
	prepareStand,
	type Stand,
	type StoredCredential,
	type WorkflowFile,
} from './stand.mts';

/** Human review of tools, data tables that a workflow makes, and forms as the examples use them are of n8n 2. */
const VERSION = '2.41.1';

/** What the webhooks ask for in X-API-Key, and the form's password. */
const KEY = 'k-41-open-sesame';

/** The form's login. */
export const BASIC = { authorization: `Basic ${Buffer.from(`team:${KEY}`).toString('base64')}` };

/** The credentials that every example gets here. */
export const READY: ReadyCredentials = {
	plivoSipTrunkingApi: ACCOUNT,
	httpHeaderAuth: { id: 'webhookKey', name: 'Webhook key' },
	httpBasicAuth: { id: 'formLogin', name: 'Form login' },
	smtp: { id: 'mailbox', name: 'Mailbox' },
};

export interface ExampleStand {
	readonly stand: Stand;
	readonly mailbox: Mailbox;
	readonly n8n: N8n;
	readonly session: Session;
	readonly editor: Editor;
	/** Runs a workflow as the editor's button does; answers the execution's id. */
	run(id: string, trigger: string, data?: unknown): Promise<string>;
	/** Of an execution. One that isn't saved is `gone` once it has ended. */
	statusOf(id: string): Promise<string>;
	/** Waits until an execution has ended; answers its status. */
	ended(id: string): Promise<string>;
	/** Waits for a mail behind the first `seen`. */
	nextMail(seen: number, subject: RegExp): Promise<Mail>;
	/** Posts to the webhook of a published workflow; answers the status beside the answer's fields. */
	post(
		path: string,
		body: unknown,
		headers?: Record<string, string>,
	): Promise<Record<string, unknown> & { status: number }>;
	/** n8n's database files that have this text. */
	onDisk(text: string): string[];
	/** What was written to the simulated account. */
	writes(): LoggedRequest[];
	/** An account with numbers and an application, and nothing else. */
	clearAccount(): void;
	/**
	 * Keeps a picture of a workflow as the editor opens it.
	 * @returns notes that don't show their whole text, and nodes that lie on a note or on each other
	 */
	photograph(id: string): Promise<string[]>;
	close(): Promise<void>;
}

/** A credential as n8n stores it, under the name that the examples get. */
export const credentialFor = (
	ready: ReadyCredentials,
	type: string,
	data: StoredCredential['data'],
): StoredCredential => ({
	...there(ready[type], `a name for a credential of type ${type}`),
	type,
	data,
});

/**
 * Starts n8n with all examples.
 * @param name names the folder in .runtime
 * @param more credentials that the examples get beside those of READY, with their data; more workflows; n8n's environment
 */
export async function startExamples(
	name: string,
	more: {
		ready?: ReadyCredentials;
		credentials?: StoredCredential[];
		workflows?: WorkflowFile[];
		env?: NodeJS.ProcessEnv;
	} = {},
): Promise<ExampleStand> {
	const mailbox = await startMailbox();
	const ready = { ...READY, ...more.ready };
	const stand = await prepareStand(name, VERSION, {
		env: more.env,
		credentials: () => [
			credentialFor(ready, 'httpHeaderAuth', { name: 'X-API-Key', value: KEY }),
			credentialFor(ready, 'httpBasicAuth', { user: 'team', password: KEY }),
			credentialFor(ready, 'smtp', { user: '', password: '', hostName: '', ...mailbox.smtp }),
			...(more.credentials ?? []),
		],
	});
	await stand.addWorkflows([
		...(readExamples(ready) as unknown as WorkflowFile[]),
		...(more.workflows ?? []),
	]);
	const n8n = await startN8n(stand.installation, await freePort());
	const session = await signIn(n8n.url, OWNER);
	const editor = await openBrowser();

	/** A busy n8n may not answer: then it still runs. */
	async function statusOf(id: string): Promise<string> {
		try {
			const execution = await session('GET', `/executions/${id}`);
			return (execution as { status: string } | undefined)?.status ?? 'gone';
		} catch (error) {
			return /answered 404/.test(String(error)) ? 'gone' : 'running';
		}
	}

	return {
		stand,
		mailbox,
		n8n,
		session,
		editor,
		statusOf,
		async run(id, trigger, data) {
			const workflowData = await session('GET', `/workflows/${id}`);
			const triggerToStartFrom = { name: trigger, ...(data ? { data } : {}) };
			const answer = await session('POST', `/workflows/${id}/run`, {
				workflowData,
				triggerToStartFrom,
			});
			return (answer as { executionId: string }).executionId;
		},
		ended: async (id) =>
			await eventually(
				`the end of execution ${id}`,
				async () => {
					const status = await statusOf(id);
					return ['new', 'running', 'waiting'].includes(status) ? undefined : status;
				},
				150,
			),
		nextMail: async (seen, subject) =>
			await eventually(`a mail ${subject}`, () =>
				mailbox.mails.slice(seen).find((mail) => subject.test(mail.subject)),
			),
		async post(path, body, headers = { 'x-api-key': KEY }) {
			const answer = await eventually('the webhook', async () => {
				const one = await fetch(`${n8n.url}/webhook/${path}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json', ...headers },
					body: JSON.stringify(body),
				});
				// Until it is published, n8n answers a 404 of its own.
				const text = await one.text();
				return one.status === 404 && text.includes('not registered')
					? undefined
					: { status: one.status, text };
			});
			const json = answer.text.startsWith('{')
				? (JSON.parse(answer.text) as Record<string, unknown>)
				: {};
			return { ...json, status: answer.status };
		},
		onDisk: (text) => {
			const folder = join(stand.installation.userFolder, '.n8n');
			return readdirSync(folder)
				.filter((file) => file.startsWith('database.sqlite'))
				.filter((file) => readFileSync(join(folder, file)).includes(text));
		},
		writes: () => stand.simulator.requests.filter(({ method }) => method !== 'GET'),
		clearAccount() {
			stand.simulator.reset();
			stand.simulator.seed({ numbers: 20, applications: 1 });
		},
		photograph: async (id) => await photograph(editor, n8n, id),
		async close() {
			await editor.close();
			await n8n.stop();
			await stand.close();
			await mailbox.close();
		},
	};
}

async function photograph(editor: Editor, { url }: N8n, id: string): Promise<string[]> {
	const { page } = editor;
	if (!(await page.context().cookies(url)).some(({ name }) => name === 'n8n-auth')) {
		await editor.signIn(url, OWNER);
	}
	await page.goto(`${url}/workflow/${id}`);
	await page.getByTestId('canvas-node').first().waitFor();
	// Fits the whole workflow into the window.
	await page.keyboard.press('1');
	await page.waitForTimeout(1_000);
	await editor.clearNotifications();
	await editor.picture(`example ${id}`);
	const stickies = page.locator('.n8n-sticky');
	const cut = await stickies.evaluateAll((notes) =>
		notes
			.filter((note) =>
				[note, ...note.querySelectorAll('*')].some(
					(part) =>
						part.scrollHeight > part.clientHeight + 4 &&
						/auto|scroll|hidden/.test(
							part.ownerDocument.defaultView?.getComputedStyle(part).overflowY ?? '',
						),
				),
			)
			.map((note) => `a note is cut off: ${note.textContent?.trim().slice(0, 40)}`),
	);
	const boxes = await page.locator('.vue-flow__node').evaluateAll((nodes) =>
		nodes.map((node) => {
			const { left, right, top, bottom } = node.getBoundingClientRect();
			return { text: node.textContent?.trim().slice(0, 40), left, right, top, bottom };
		}),
	);
	const overlaps = boxes.flatMap((one, index) =>
		boxes
			.slice(index + 1)
			.filter(
				(two) =>
					one.left < two.right &&
					two.left < one.right &&
					one.top < two.bottom &&
					two.top < one.bottom,
			)
			.map((two) => `"${one.text}" lies on "${two.text}"`),
	);
	return [...cut, ...overlaps];
}

/** A mail's link by its text. */
export function linkIn({ html }: Mail, text: RegExp): string {
	const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"[^>]*>(.*?)<\/a>/gs)];
	const [, href] = links.find(([, , label = '']) => text.test(label)) ?? [];
	if (!href) throw new Error(`No link ${text} in the mail: ${html}`);
	return href.replaceAll('&amp;', '&');
}

/** Sends a form's fields, in their order, as its page does: ticked boxes are a list in JSON. */
export async function submit(url: string, fields: string[] = [], headers = {}): Promise<string> {
	const body = new FormData();
	fields.forEach((value, index) => body.append(`field-${index}`, value));
	const answer = await fetch(url, { method: 'POST', body, headers });
	return await answer.text();
}

/** A page or mail with its characters as they are read: the examples escape what comes from outside. */
export const readable = (html: string) =>
	html.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
