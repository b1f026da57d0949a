/** The examples that connect a voice platform, in a real n8n, against Plivo's and the platforms' stand-ins. */
import {
	PLATFORM_CREDENTIALS,
	PLATFORMS_READY,
	readExamples,
	type ReadyCredentials,
} from '../../demo/examples.mts';
import { type N8n, publishWorkflow, type Session, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import type { PlatformName } from '../../simulator/platforms/platforms.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { first, nth, only } from '../support/elements.mts';
import { credentialFor } from './exampleStand.mts';
import { openBrowser } from './browser.mts';
import {
	ACCOUNT,
	eventually,
	OWNER,
	prepareStand,
	type Stand,
	type WorkflowFile,
} from './stand.mts';

const VERSION = '2.41.1';
const KEY = 'k-42-open-sesame';

const READY: ReadyCredentials = {
	plivoSipTrunkingApi: ACCOUNT,
	httpHeaderAuth: { id: 'webhookKey', name: 'Webhook key' },
	...PLATFORMS_READY,
};

const NUMBER = '+14155550101';
const ASSISTANT = '3f1c9a52-7f0e-4c1c-9f62-8f2f5c0f7a11';

interface Case {
	id: string;
	label: string;
	/** What is sent. */
	body: Record<string, string>;
	/** What the platform has in the end, without ids. */
	made: (platforms: Simulator['platforms']) => unknown;
	/** The path of the request that makes the first record, and what it is for. */
	first: { path: string; step: RegExp };
	/** Of the platform's listing. */
	listing: string;
	/** Bad input: what is sent, and the field that is named. */
	bad: Array<[string, Record<string, unknown>]>;
}

type Json = Record<string, ReturnType<typeof JSON.parse>>;

const values = (map: Map<string, unknown>) => [...map.values()] as Json[];

const CASES: Record<PlatformName, Case> = {
	elevenlabs: {
		id: 'connectElevenLabs',
		label: 'ElevenLabs',
		body: { customer: 'Acme Dental', phoneNumber: NUMBER, agentId: 'agent_1' },
		made: ({ elevenlabs }) =>
			values(elevenlabs.numbers).map(({ phone_number, agent_id, inbound, outbound }) => ({
				phone_number,
				agent_id,
				inbound,
				...outbound,
			})),
		first: { path: '/elevenlabs/v1/convai/phone-numbers', step: /^Import \+14155550101/ },
		listing: '/elevenlabs/v1/convai/phone-numbers',
		bad: [
			['agentId', { agentId: '<ElevenLabs agent id>' }],
			['agentId', { agentId: '' }],
			['region', { region: 'mars' }],
		],
	},
	retell: {
		id: 'connectRetell',
		label: 'Retell',
		body: { customer: 'Acme Dental', phoneNumber: NUMBER, agentId: 'agent_1' },
		made: ({ retell }) =>
			values(retell.numbers).map(({ phone_number, trunk, settings }) => ({
				phone_number,
				...trunk,
				inbound: settings.inbound_agents,
				outbound: settings.outbound_agents,
			})),
		first: { path: '/retell/import-phone-number', step: /^Connect \+14155550101/ },
		listing: '/retell/get-phone-number/',
		bad: [
			['agentId', { agentId: 'your_agent_id' }],
			['agentId', { agentId: { id: 'agent_1' } }],
		],
	},
	vapi: {
		id: 'connectVapi',
		label: 'Vapi',
		body: { customer: 'Acme Dental', phoneNumber: NUMBER, assistantId: ASSISTANT },
		made: ({ vapi }) => [
			...values(vapi.credentials).map(({ name, gateways }) => ({
				name,
				gateways: gateways.length,
			})),
			...values(vapi.numbers).map(({ number, assistantId }) => ({ number, assistantId })),
		],
		first: { path: '/vapi/credential', step: /^Create the SIP trunk credential/ },
		listing: '/vapi/credential',
		bad: [
			['assistantId', { assistantId: '<Vapi assistant id>' }],
			['assistantId', { assistantId: 'agent_1' }],
			['phoneNumber', { phoneNumber: '+91 80 3123 4567' }],
			['region', { region: 'india' }],
		],
	},
	livekit: {
		id: 'connectLiveKit',
		label: 'LiveKit',
		body: {
			customer: 'Acme Dental',
			phoneNumber: NUMBER,
			agentName: 'reception',
			sipHost: 'abc123.sip.livekit.cloud',
			apiHost: 'acme-demo.livekit.cloud',
			apiKey: 'APIsimulator',
		},
		made: ({ livekit }) => [
			...values(livekit.inboundTrunks).map(({ numbers }) => ({ inbound: numbers })),
			...values(livekit.rules).map(({ room_config }) => ({ agents: room_config.agents })),
			...values(livekit.outboundTrunks).map(({ numbers, address, transport }) => ({
				outbound: numbers,
				address,
				transport,
			})),
		],
		first: { path: 'CreateSIPInboundTrunk', step: /^Create the inbound trunk/ },
		listing: 'ListSIPInboundTrunk',
		bad: [
			['agentName', { agentName: '<LiveKit agent name>' }],
			['apiHost', { apiHost: 'abc123.sip.livekit.cloud' }],
			['apiHost', { apiHost: 'wss://acme-demo.livekit.cloud' }],
			['sipHost', { sipHost: 'acme-demo.livekit.cloud' }],
			['apiKey', { apiKey: 'secret' }],
		],
	},
	xai: {
		id: 'connectXai',
		label: 'xAI',
		body: {
			customer: 'Acme Dental',
			phoneNumber: NUMBER,
			webhookUrl: 'https://agent.acme.com/xai',
			secretSaved: 'yes',
		},
		made: ({ xai }) =>
			values(xai.numbers).map(({ number, webhookUrl, sip_auth }) => ({
				number,
				webhookUrl,
				ranges: sip_auth.allowed_addresses.length,
			})),
		first: { path: '/xai/v2/phone-numbers', step: /^Register \+14155550101/ },
		listing: '/xai/v2/phone-numbers',
		bad: [
			['webhookUrl', { webhookUrl: '<webhook URL of your agent>' }],
			['webhookUrl', { webhookUrl: 'http://agent.acme.com' }],
		],
	},
};

const PLATFORMS = Object.keys(CASES) as PlatformName[];

let stand: Stand;
let n8n: N8n;
let session: Session;

beforeAll(async () => {
	stand = await prepareStand('workflowsPlatforms', VERSION, {
		credentials: () => [
			credentialFor(READY, 'httpHeaderAuth', { name: 'X-API-Key', value: KEY }),
			...PLATFORM_CREDENTIALS,
		],
	});
	const ids = Object.values(CASES).map(({ id }) => id);
	const examples = readExamples(READY, stand.simulator.platformsUrl);
	const own = examples.filter(({ id }) => ids.includes(id));
	// Those that are run by a click are not published.
	const copies = own.map((one) => ({
		...one,
		id: `${one.id}Click`,
		name: `${one.name}, by click`,
	}));
	await stand.addWorkflows([...own, ...copies] as unknown as WorkflowFile[]);
	n8n = await startN8n(stand.installation, await freePort());
	session = await signIn(n8n.url, OWNER);
	for (const id of ids) await publishWorkflow(session, id);
});

afterAll(async () => {
	await n8n?.stop();
	await stand?.close();
});

type Answer = Json & { status: number };

async function post(name: PlatformName, changes: Record<string, unknown> = {}): Promise<Answer> {
	const { body } = CASES[name];
	return await eventually('the webhook', async () => {
		const answer = await fetch(`${n8n.url}/webhook/connect-${name}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-api-key': KEY },
			body: JSON.stringify({ ...body, ...changes }),
		});
		const text = await answer.text();
		if (answer.status === 404 && text.includes('not registered')) return undefined;
		return { ...(text.startsWith('{') ? JSON.parse(text) : { text }), status: answer.status };
	});
}

const plivoWrites = () => stand.simulator.requests.filter(({ method }) => method !== 'GET');

/** Requests that make something on the platform. */
const creates = () =>
	stand.simulator.platforms.requests.filter(
		({ method, path }) =>
			method === 'POST' && (!path.includes('/twirp/') || path.includes('/Create')),
	);

const routeOf = (number = NUMBER) =>
	stand.simulator.state.numbers.get(number.replace('+', ''))?.application ?? null;

const inboundTrunk = () =>
	stand.simulator.state.trunks.all().find(({ trunk_direction }) => trunk_direction === 'inbound');

const toTrunk = () => expect.stringContaining(`/Trunk/${String(inboundTrunk()?.trunk_id)}/`);

describe.each(PLATFORMS)('%s', (name) => {
	const { made, first, listing, bad, label } = CASES[name];
	let before: unknown;

	beforeEach(() => {
		const { simulator } = stand;
		simulator.reset();
		const { app_id } = simulator.addApplication();
		before = `/v1/Account/${simulator.authId}/Application/${String(app_id)}/`;
		simulator.addNumber({ number: NUMBER.slice(1), application: before });
		simulator.addNumber({ number: '918031234567' });
	});

	/** Sends it until the number is routed: xAI answers its secret first. */
	const connect = async (changes = {}) => {
		const answer = await post(name, changes);
		return name === 'xai' && answer.signing_secret ? await post(name, changes) : answer;
	};

	it('a customer comes: both sides are made, the number is routed last', async () => {
		const answer = await connect();
		expect(answer).toMatchObject({ status: 200, customer: 'Acme Dental', phone_number: NUMBER });
		expect(answer.previous_application).toBe(before);
		expect([true, false]).toContain(answer.ready);
		expect(routeOf()).toEqual(toTrunk());
		const platform = made(stand.simulator.platforms);
		expect(JSON.stringify(platform)).toContain(NUMBER);
		const last = plivoWrites().at(-1)!;
		expect(last.path).toBe(`/Number/${NUMBER.slice(1)}/`);
		expect(last.at).toBeGreaterThanOrEqual(creates().at(-1)!.at);
		expect(typeof answer.password === 'string').toBe(
			['elevenlabs', 'retell', 'livekit'].includes(name),
		);
		if (answer.password) {
			const credential = only(stand.simulator.state.credentials.all());
			expect(credential.password).toBe(answer.password);
			expect(JSON.stringify(stand.simulator.platforms.all()[name])).toContain(
				JSON.stringify(answer.password),
			);
		}
	});

	it('a second time nothing is made twice, and no password is shown', async () => {
		await connect();
		const platform = made(stand.simulator.platforms);
		const trunks = stand.simulator.state.trunks.size;
		stand.simulator.clearRequests();
		const again = await connect();
		expect(again).toMatchObject({ status: 200, created: false });
		expect(again.password ?? null).toBeNull();
		expect(creates()).toEqual([]);
		expect(made(stand.simulator.platforms)).toEqual(platform);
		expect(stand.simulator.state.trunks.size).toBe(trunks);
		expect(plivoWrites()).toEqual([]);
	});

	it('what it refuses is told by step and reason, and the number stays', async () => {
		stand.simulator.platforms.faults.add({
			method: 'POST',
			path: first.path,
			times: 1,
			faults: [
				{
					kind: 'status',
					status: 400,
					body: { message: 'not on your plan', msg: 'not on your plan' },
				},
			],
		});
		const answer = await post(name);
		expect(answer).toMatchObject({
			status: 502,
			step: expect.stringMatching(first.step),
			error: expect.stringContaining(`${label} answered 400: not on your plan`),
			fix: expect.stringMatching(/./),
			routed_to: before,
		});
		expect(routeOf()).toBe(before);
		// Then it works; a password that was shown is sent again.
		const again = await connect(answer.password ? { password: answer.password } : {});
		expect(again).toMatchObject({ status: 200 });
		expect(routeOf()).toEqual(toTrunk());
	});

	it.each([
		['a web page', { kind: 'html' }, /answered 502/],
		['nothing', { kind: 'reset' }, /did not answer/],
		[
			'something else',
			{ kind: 'status', status: 200, body: { surprise: true } },
			/unexpected answer/,
		],
		[
			'a wrong key',
			{ kind: 'status', status: 401, body: 'invalid token' },
			/refused the key \(401\): invalid token/,
		],
	] as const)('an answer that is %s is told by its step', async (_what, fault, error) => {
		stand.simulator.platforms.faults.add({ path: listing, times: 1, faults: [fault] });
		const answer = await post(name);
		expect(answer).toMatchObject({
			status: 502,
			step: expect.stringMatching(/^See /),
			error: expect.stringMatching(error),
		});
		expect(routeOf()).toBe(before);
		expect(creates()).toEqual([]);
	});

	it.each([
		['customer', { customer: ' ' }],
		['customer', { customer: '<customer>' }],
		['phoneNumber', { phoneNumber: '' }],
		['phoneNumber', { phoneNumber: '123' }],
		['phoneNumber', { phoneNumber: `${NUMBER}, +14155550102` }],
		['phoneNumber', { phoneNumber: '+14155559999' }],
		...bad,
	])('400 with the field %s: %j', async (field, changes) => {
		const answer = await post(name, changes as Record<string, unknown>);
		expect(answer).toMatchObject({ status: 400, field, fix: expect.stringMatching(/./) });
		expect(routeOf()).toBe(before);
		expect(creates()).toEqual([]);
		expect(plivoWrites()).toEqual([]);
	});

	it('another customer’s number is refused, and stays', async () => {
		await connect();
		const route = routeOf();
		const answer = await post(name, { customer: 'Globex' });
		expect(answer).toMatchObject({
			status: 409,
			error: expect.stringContaining(`"Acme Dental ${label} inbound"`),
		});
		expect(routeOf()).toBe(route);
	});

	it('Plivo’s refusal of the route is told, after everything else is made', async () => {
		if (name === 'xai') await post(name);
		stand.simulator.faults.add({
			method: 'POST',
			path: '/Number/',
			faults: [{ kind: 'status', status: 400, body: { error: 'no such application' } }],
		});
		expect(await post(name)).toMatchObject({
			status: 502,
			step: 'Route to trunk',
			error: expect.stringContaining('no such application'),
		});
		expect(routeOf()).toBe(before);
	});
});

/** An account with two numbers, for what is looked at on one platform alone. */
function withTwoNumbers() {
	stand.simulator.reset();
	for (const number of ['14155550101', '14155550102']) stand.simulator.addNumber({ number });
}

const standIns = () => stand.simulator.platforms;
const SECOND = { customer: 'Globex', phoneNumber: '+14155550102' };

describe('a request without all that is needed', () => {
	beforeEach(withTwoNumbers);

	it.each(['elevenlabs', 'retell'] as const)(
		'%s: a login whose password nobody has sent is not made up, and none is rotated',
		async (name) => {
			const { password } = await post(name);
			const answer = await post(name, { phoneNumber: SECOND.phoneNumber });
			expect(answer).toMatchObject({ status: 409, field: 'password' });
			expect(routeOf(SECOND.phoneNumber)).toBeNull();
			expect(stand.simulator.state.credentials.all()).toMatchObject([{ password }]);
			const again = await post(name, { phoneNumber: SECOND.phoneNumber, password });
			expect(again).toMatchObject({ status: 200, created: true });
			expect(JSON.stringify(standIns().all()[name]).split(JSON.stringify(password))).toHaveLength(
				3,
			);
		},
	);

	it('without the key nothing is done', async () => {
		for (const name of PLATFORMS) {
			const answer = await fetch(`${n8n.url}/webhook/connect-${name}`, { method: 'POST' });
			expect(answer.status).toBe(403);
		}
		expect(stand.simulator.platforms.requests).toEqual([]);
	});
});

describe('what ElevenLabs alone does', () => {
	beforeEach(withTwoNumbers);

	it('a trunk that isn’t secure: the platform is told neither TLS nor SRTP', async () => {
		await post('elevenlabs');
		const trunk = only(
			stand.simulator.state.trunks
				.all()
				.filter(({ trunk_direction }) => trunk_direction === 'outbound'),
		);
		expect(trunk.secure).toBe(false);
		expect(values(standIns().elevenlabs.numbers)).toMatchObject([
			{ outbound: { transport: 'tcp', media_encryption: 'disabled', address: trunk.trunk_domain } },
		]);
	});

	it('has the number without plus: it is used, and the answer warns', async () => {
		await post('elevenlabs');
		const number = only(values(standIns().elevenlabs.numbers));
		number.phone_number = '14155550101';
		const answer = await post('elevenlabs', { agentId: 'agent_2' });
		expect(answer).toMatchObject({ status: 200, created: false });
		expect(answer.warnings.join()).toContain('ElevenLabs has the number as 14155550101');
		expect(number.agent_id).toBe('agent_2');
	});

	it.each(['400', '409', '422'] as const)(
		'has a conflict with another workspace, as %s',
		async (conflict) => {
			standIns().variants.elevenlabsConflict = conflict;
			standIns().faults.add({
				method: 'POST',
				path: '/elevenlabs/',
				faults: [
					{
						kind: 'status',
						status: Number(conflict),
						body: { detail: { status: 'phone_number_conflict', message: 'It exists.' } },
					},
				],
			});
			expect(await post('elevenlabs')).toMatchObject({
				status: 409,
				error: expect.stringContaining('It exists.'),
				fix: expect.stringContaining('workspace'),
				routed_to: null,
			});
		},
	);
});

describe('what Retell alone does', () => {
	beforeEach(withTwoNumbers);

	it('holds a number of another workspace, and takes changes under other names', async () => {
		standIns().retell.elsewhere.add(NUMBER);
		const refused = await post('retell');
		expect(refused).toMatchObject({
			status: 409,
			error: expect.stringContaining('another workspace'),
			fix: expect.stringContaining('support'),
		});
		standIns().retell.elsewhere.clear();
		const { password } = refused;
		await post('retell', { password });
		await post('retell', { password: 'Other_word_2', agentId: 'agent_2' });
		expect(values(standIns().retell.numbers)).toMatchObject([
			{
				trunk: { auth_password: 'Other_word_2' },
				settings: { inbound_agents: [{ agent_id: 'agent_2', weight: 1 }] },
			},
		]);
		// Plivo's own is never changed: this is what Rotate Password has set before.
		expect(stand.simulator.state.credentials.all()).toMatchObject([{ password }]);
	});
});

describe('what Vapi alone does', () => {
	beforeEach(withTwoNumbers);

	it('each customer has a host of its own; all fourteen ranges are let in', async () => {
		await post('vapi');
		await post('vapi', SECOND);
		const credentials = values(standIns().vapi.credentials);
		expect(credentials).toHaveLength(2);
		for (const { gateways } of credentials) {
			expect(
				gateways.filter((one: { inboundEnabled: boolean }) => one.inboundEnabled),
			).toHaveLength(14);
			expect(gateways[0].ip).toMatch(/\.zt\.plivo\.com$/);
		}
		const uris = stand.simulator.state.uris.all().map(({ uri }) => uri);
		expect(uris.sort()).toEqual(
			credentials.map(({ id }) => `${id}.sip.vapi.ai;transport=udp`).sort(),
		);
	});

	it('a number that stands twice, or a name that another trunk has, is told', async () => {
		standIns().variants.vapiTwins = 'allowed';
		await post('vapi');
		const [number] = values(standIns().vapi.numbers);
		standIns().vapi.numbers.set('twin', { ...number, id: 'twin' });
		expect(await post('vapi')).toMatchObject({
			status: 409,
			error: expect.stringContaining('2 times'),
		});
		const credential = first(values(standIns().vapi.credentials));
		credential.gateways[0].ip = '99.zt.plivo.com';
		expect(await post('vapi')).toMatchObject({
			status: 409,
			error: expect.stringContaining('99.zt.plivo.com'),
		});
	});

	it('in the EU it has its own host and addresses', async () => {
		expect(await post('vapi', { region: 'eu' })).toMatchObject({ status: 200 });
		expect(only(stand.simulator.state.uris.all()).uri).toMatch(/^[\da-f-]{36}\.sip\.eu\.vapi\.ai;/);
		expect(stand.simulator.state.ipacls.all()).toMatchObject([
			{ ip_addresses: ['63.182.83.170/32'] },
		]);
	});
});

describe('what LiveKit alone does', () => {
	beforeEach(withTwoNumbers);

	it('a second number of the customer: its login belongs to the trunk, which is there', async () => {
		const { password } = await post('livekit');
		const answer = await post('livekit', { phoneNumber: SECOND.phoneNumber });
		expect(answer).toMatchObject({ status: 200, created: true });
		expect(values(standIns().livekit.outboundTrunks)).toMatchObject([
			{ numbers: ['+14155550101', '+14155550102'], auth_password: password },
		]);
	});

	it.each(['snake', 'camel'] as const)('answers in %s case: nothing twice', async (names) => {
		Object.assign(standIns().variants, { livekitNames: names, livekitPasswords: 'hidden' });
		await post('livekit');
		const again = await post('livekit', { agentName: 'sales' });
		expect(again).toMatchObject({ status: 200, created: false });
		const { inboundTrunks, outboundTrunks, rules } = standIns().livekit;
		expect([inboundTrunks.size, outboundTrunks.size, rules.size]).toEqual([1, 1, 1]);
		expect(only(values(rules)).room_config.agents).toEqual([{ agent_name: 'sales' }]);
	});

	it('trunks and rules for everything are not taken for the customer’s', async () => {
		const { inboundTrunks, rules } = standIns().livekit;
		inboundTrunks.set('ST_any', { sip_trunk_id: 'ST_any', numbers: [], auth_username: 'any' });
		rules.set('SDR_any', {
			sip_dispatch_rule_id: 'SDR_any',
			trunk_ids: [],
			rule: { dispatch_rule_direct: { room_name: 'x' } },
		});
		expect(await post('livekit')).toMatchObject({ status: 200, created: true });
		expect([inboundTrunks.size, rules.size]).toEqual([2, 2]);
		// A rule that others use is not changed.
		nth(values(rules), 1).trunk_ids.push('ST_other');
		expect(await post('livekit', { agentName: 'sales' })).toMatchObject({
			status: 409,
			error: expect.stringContaining('serves other trunks too'),
		});
	});
});

describe('what xAI alone does', () => {
	beforeEach(withTwoNumbers);

	it.each(['camel', 'snake'] as const)(
		'answers in %s case: the secret comes before the number is routed',
		async (names) => {
			standIns().variants.xaiNames = names;
			const answer = await post('xai');
			expect(answer).toMatchObject({
				status: 200,
				routed: false,
				signing_secret: only(values(standIns().xai.numbers)).secret,
				webhook_id: expect.stringMatching(/^wh_/),
				next: expect.stringContaining('secretSaved'),
			});
			expect(routeOf()).toBeNull();
			// Whoever never got the answer has no secret: the number stays where it is.
			expect(await post('xai', { secretSaved: '' })).toMatchObject({
				status: 409,
				field: 'secretSaved',
			});
			expect(routeOf()).toBeNull();
			const again = await post('xai');
			expect(again).toMatchObject({ status: 200, created: false });
			expect(JSON.stringify(again)).not.toContain(answer.signing_secret);
			expect(routeOf()).toEqual(toTrunk());
		},
	);

	it('a 409 says what to do', async () => {
		standIns().faults.add({
			method: 'POST',
			path: '/xai/',
			faults: [{ kind: 'status', status: 409, body: { error: 'already registered' } }],
		});
		expect(await post('xai')).toMatchObject({
			status: 409,
			error: expect.stringContaining('already registered'),
			fix: expect.stringContaining('console'),
		});
		expect(routeOf()).toBeNull();
	});
});

it('each runs by a click, with the sample customer', async () => {
	stand.simulator.reset();
	stand.simulator.seed({ numbers: 20, applications: 1 });
	const editor = await openBrowser();
	try {
		const { page } = editor;
		await editor.signIn(n8n.url, OWNER);
		for (const name of PLATFORMS) {
			await page.goto(`${n8n.url}/workflow/${CASES[name].id}Click`);
			await page.getByTestId('canvas-trigger-node').waitFor();
			await page.getByTestId('execute-workflow-button').click();
			await page.getByText('Workflow executed successfully').waitFor();
			await editor.clearNotifications();
			await editor.picture(`connect ${name}`, page.getByTestId('canvas-wrapper'));
			expect(JSON.stringify(CASES[name].made(stand.simulator.platforms))).toContain('+14155550');
		}
		const routed = stand.simulator.state.numbers
			.all()
			.filter(({ application }) => String(application).includes('/Trunk/'));
		// xAI's is routed by the second click, when the secret is saved.
		expect(routed).toHaveLength(PLATFORMS.length - 1);
	} finally {
		await editor.close();
	}
});
