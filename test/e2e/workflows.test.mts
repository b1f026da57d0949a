/** The example workflows in a real n8n: safe as they are, published, and used by webhook. */
import type { INode } from 'n8n-workflow';

import {
	credentialTypeOf,
	exampleOf,
	PLATFORM_CREDENTIALS,
	PLATFORMS_READY,
	readExamples,
	type ReadyCredentials,
} from '../../demo/examples.mts';
import { publishWorkflow } from '../../demo/n8n.mts';
import {
	credentialFor,
	type ExampleStand,
	READY as OF_EVERY_EXAMPLE,
	startExamples,
} from './exampleStand.mts';

const READY: ReadyCredentials = {
	...OF_EVERY_EXAMPLE,
	openAiApi: { id: 'model', name: 'Scripted model' },
	...PLATFORMS_READY,
};
const EXAMPLES = readExamples();

const isTrigger = ({ type }: INode) => /trigger$|\.webhook$/i.test(type) && !/manual/i.test(type);

/** Whether a workflow gets to see a password: from an operation that makes one, other than as a plan. */
const makesPasswords = ({ parameters }: INode) =>
	['connectPlatform', 'provisionOutbound', 'rotatePassword'].includes(
		String(parameters.operation),
	) && !(parameters.options as { planOnly?: boolean } | undefined)?.planOnly;
let examples: ExampleStand;
let session: ExampleStand['session'];

beforeAll(async () => {
	examples = await startExamples('workflows', {
		ready: READY,
		credentials: [
			// Publishing asks no model.
			credentialFor(READY, 'openAiApi', {
				apiKey: 'none',
				url: 'http://127.0.0.1:9/v1',
				header: false,
			}),
			...PLATFORM_CREDENTIALS,
		],
		workflows: EXAMPLES.map(
			(bare) => ({ ...bare, id: `${bare.id}Bare`, name: `${bare.name}, bare` }) as never,
		),
	});
	({ session } = examples);
});

afterAll(async () => await examples?.close());

describe('every example', () => {
	it.each(EXAMPLES.map((example) => [example.name, example] as const))(
		'"%s" is safe as it is',
		(_name, { nodes, settings, meta, pinData }) => {
			expect(nodes.filter(({ credentials }) => credentials)).toEqual([]);
			expect(meta).not.toHaveProperty('templateCredsSetupCompleted');
			for (const { type, parameters } of nodes) {
				if (type.endsWith('.webhook')) expect(parameters.authentication).toBe('headerAuth');
				if (type.endsWith('.formTrigger')) expect(parameters.authentication).toBe('basicAuth');
				if (type.endsWith('.chatTrigger')) expect(parameters.public ?? false).toBe(false);
			}
			if (nodes.some(makesPasswords))
				expect(settings).toMatchObject({
					saveDataSuccessExecution: 'none',
					saveDataErrorExecution: 'none',
					saveManualExecutions: false,
				});
			expect(JSON.stringify(pinData)).not.toMatch(/password/i);
		},
	);

	it.each(
		EXAMPLES.filter(({ nodes }) =>
			nodes.some(({ type }) => /webhook$|formTrigger$|chatTrigger$/.test(type)),
		).map(({ name, nodes }) => [name, nodes] as const),
	)('"%s" says what to set first', (_name, nodes) => {
		const note = nodes.find(({ name }) => name === 'Set this first');
		expect(note?.parameters.content).toContain('Plivo');
	});
});

describe('publishing', () => {
	const published = EXAMPLES.filter(({ nodes }) => nodes.some(isTrigger));

	it('with all but the webhook’s credential it is refused too', async () => {
		const { httpHeaderAuth: _key, ...others } = READY;
		const { nodes, connections, settings } = exampleOf('customerOnboarding', others);
		const { id } = (await session('POST', '/workflows', {
			name: 'No key',
			nodes,
			connections,
			settings,
		})) as { id: string };
		await expect(publishWorkflow(session, id)).rejects.toThrow(
			/New customer[^]*Missing required credential: httpHeaderAuth/,
		);
	});

	it.each(published.map(({ id, name, nodes }) => [name, id, nodes] as const))(
		'"%s" is refused until its credentials are set',
		async (_name, id, nodes) => {
			await expect(publishWorkflow(session, `${id}Bare`)).rejects.toThrow(
				/Missing required credential/,
			);
			const needed = nodes.filter((node) => !node.disabled).map(credentialTypeOf);
			if (needed.some((type) => type && !(type in READY))) return;
			await publishWorkflow(session, id);
			if (id !== 'customerOnboarding' && id !== 'onboardingWithApproval')
				await session('POST', `/workflows/${id}/deactivate`);
		},
	);
});

describe('customers by webhook', () => {
	const CUSTOMER = {
		customer: 'Acme Dental',
		username: 'acmedental',
		pbx: 'sip.acmedental.example:5060;transport=tcp',
		phoneNumber: '+1 415 555 0001',
	};

	beforeAll(() => examples.clearAccount());

	it('without the key nothing is done', async () => {
		expect(await examples.post('customer-onboarding', CUSTOMER, {})).toMatchObject({ status: 403 });
		expect(
			await examples.post('customer-onboarding', CUSTOMER, { 'x-api-key': 'x' }),
		).toMatchObject({
			status: 403,
		});
		expect(examples.writes()).toEqual([]);
		expect(examples.stand.simulator.state.trunks.size).toBe(0);
	});

	it('a customer comes, and the password is nowhere on disk', async () => {
		const answer = (await examples.post('customer-onboarding', CUSTOMER)) as unknown as {
			password: string;
		};
		expect(answer).toMatchObject({
			status: 200,
			customer: 'Acme Dental',
			username: 'acmedental',
			password: expect.stringMatching(/^.{20}$/),
			phone_number: '14155550001',
			note: expect.stringContaining('shown only once'),
		});
		expect(examples.onDisk(answer.password)).toEqual([]);
		expect(examples.onDisk('Customer onboarding')).not.toEqual([]);
	});

	it('the same customer again changes nothing and says so', async () => {
		examples.stand.simulator.clearRequests();
		const again = await examples.post('customer-onboarding', {
			...CUSTOMER,
			customer: ' Acme\u200b  Dental\u00a0',
		});
		expect(again).toMatchObject({
			status: 200,
			password: null,
			note: expect.stringContaining('already had a login'),
		});
		expect(examples.writes()).toEqual([]);
	});

	it.each([
		['customer', { customer: ' ' }],
		['customer', { customer: null }],
		['pbx', { pbx: '' }],
		['pbx', { pbx: 'no host at all' }],
		['pbx', { pbx: 'sip.acme.example' }],
		['username', { username: 'a' }],
		['phoneNumber', { phoneNumber: '123' }],
		['phoneNumber', { phoneNumber: '+1 415 555 9999' }],
	])('400 with the field %s: %j', async (field, changes) => {
		const answer = await examples.post('customer-onboarding', {
			...CUSTOMER,
			customer: 'New',
			...changes,
		});
		expect(answer).toMatchObject({ status: 400, field, fix: expect.stringMatching(/./) });
	});

	it('another customer’s number is refused, naming the trunk', async () => {
		expect(
			await examples.post('customer-onboarding', { ...CUSTOMER, customer: 'Globex' }),
		).toMatchObject({
			status: 409,
			error: expect.stringContaining('"Acme Dental inbound"'),
			fix: expect.stringContaining('Move Routed Numbers'),
		});
	});
});
