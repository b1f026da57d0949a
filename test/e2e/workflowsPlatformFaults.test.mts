/** What can go wrong on a platform's side of the examples that connect one: in a real n8n, against the stand-ins. */
import {
	PLATFORM_CREDENTIALS,
	PLATFORMS_READY,
	readExamples,
	type ReadyCredentials,
} from '../../demo/examples.mts';
import { type N8n, publishWorkflow, signIn, startN8n } from '../../demo/n8n.mts';
import { freePort } from '../../demo/processes.mts';
import type { Fault } from '../../simulator/faults.mts';
import type { PlatformName } from '../../simulator/platforms/platforms.mts';
import type { PlatformCall, StandIn } from '../../simulator/platforms/standIn.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { first, nth, only, there } from '../support/elements.mts';
import { credentialFor } from './exampleStand.mts';
import {
	ACCOUNT,
	eventually,
	OWNER,
	prepareStand,
	type Stand,
	type WorkflowFile,
} from './stand.mts';

const KEY = 'k-43-open-sesame';
const READY: ReadyCredentials = {
	plivoSipTrunkingApi: ACCOUNT,
	httpHeaderAuth: { id: 'webhookKey', name: 'Webhook key' },
	...PLATFORMS_READY,
};

const NUMBER = '+14155550101';
const SECOND = '+14155550102';
const ASSISTANT = '3f1c9a52-7f0e-4c1c-9f62-8f2f5c0f7a11';
const OTHER_ASSISTANT = '3f1c9a52-7f0e-4c1c-9f62-8f2f5c0f7a12';

/** Which example it is, what is sent, and the same customer with another agent. */
const CASES = {
	elevenlabs: {
		id: 'connectElevenLabs',
		body: { agentId: 'agent_1' },
		moved: { agentId: 'agent_2' },
	},
	retell: { id: 'connectRetell', body: { agentId: 'agent_1' }, moved: { agentId: 'agent_2' } },
	vapi: {
		id: 'connectVapi',
		body: { assistantId: ASSISTANT },
		moved: { assistantId: OTHER_ASSISTANT },
	},
	livekit: {
		id: 'connectLiveKit',
		body: {
			agentName: 'reception',
			sipHost: 'abc123.sip.livekit.cloud',
			apiHost: 'acme-demo.livekit.cloud',
			apiKey: 'APIsimulator',
		},
		moved: { agentName: 'sales' },
	},
	xai: {
		id: 'connectXai',
		body: { webhookUrl: 'https://agent.acme.com/xai', secretSaved: 'yes' },
		moved: { webhookUrl: 'https://agent.acme.com/other' },
	},
} as const satisfies Record<PlatformName, { id: string; body: object; moved: object }>;

const PLATFORMS = Object.keys(CASES) as PlatformName[];

/** Whose login has a password on the platform. */
const WITH_PASSWORD = ['elevenlabs', 'retell', 'livekit'] as const;

type Json = Record<string, ReturnType<typeof JSON.parse>>;
type Answer = Json & { status: number };

let stand: Stand;
let n8n: N8n;
let before: string;

const standIns = (): Simulator['platforms'] => stand.simulator.platforms;
const values = (map: Map<string, unknown>) => [...map.values()] as Json[];

beforeAll(async () => {
	stand = await prepareStand('workflowsPlatformFaults', '2.41.1', {
		credentials: () => [
			credentialFor(READY, 'httpHeaderAuth', { name: 'X-API-Key', value: KEY }),
			...PLATFORM_CREDENTIALS,
		],
	});
	const ids: string[] = Object.values(CASES).map(({ id }) => id);
	const own = readExamples(READY, stand.simulator.platformsUrl).filter(({ id }) =>
		ids.includes(id),
	);
	await stand.addWorkflows(own as unknown as WorkflowFile[]);
	n8n = await startN8n(stand.installation, await freePort());
	const session = await signIn(n8n.url, OWNER);
	for (const id of ids) await publishWorkflow(session, id);
});

afterAll(async () => {
	await n8n?.stop();
	await stand?.close();
});

function begin(): void {
	const { simulator } = stand;
	simulator.reset();
	const { app_id } = simulator.addApplication();
	before = `/v1/Account/${simulator.authId}/Application/${String(app_id)}/`;
	for (const number of [NUMBER, SECOND])
		simulator.addNumber({ number: number.slice(1), application: before });
}

beforeEach(begin);

async function post(name: PlatformName, changes: Record<string, unknown> = {}): Promise<Answer> {
	return await eventually('the webhook', async () => {
		const answer = await fetch(`${n8n.url}/webhook/connect-${name}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-api-key': KEY },
			body: JSON.stringify({
				customer: 'Acme Dental',
				phoneNumber: NUMBER,
				...CASES[name].body,
				...changes,
			}),
		});
		const text = await answer.text();
		if (answer.status === 404 && text.includes('not registered')) return undefined;
		return { ...(text.startsWith('{') ? JSON.parse(text) : { text }), status: answer.status };
	});
}

/** Sends it until the number is routed: xAI answers its secret first. */
async function connect(name: PlatformName, changes: Record<string, unknown> = {}) {
	const answer = await post(name, changes);
	return answer.signing_secret ? await post(name, changes) : answer;
}

const routeOf = (number = NUMBER) =>
	stand.simulator.state.numbers.get(number.slice(1))?.application ?? null;

const isRouted = (number = NUMBER) => String(routeOf(number)).includes('/Trunk/');

/** All that the platform has. */
function made(name: PlatformName): Record<string, unknown> {
	const all = structuredClone(standIns().all()[name]);
	// A time, which each change sets.
	if (name === 'retell') for (const number of all.numbers as Json[]) delete number.changed;
	return all;
}

/** How many records of each kind. */
const counts = (name: PlatformName) =>
	Object.values(made(name)).map((records) => (records as unknown[]).length);

const ONE_OF_EACH: Record<PlatformName, number[]> = {
	elevenlabs: [1],
	retell: [1, 0],
	vapi: [1, 1],
	livekit: [1, 1, 1],
	xai: [1],
};

const password = () => first(stand.simulator.state.credentials.all()).password;

const plivoWrites = () => stand.simulator.requests.filter(({ method }) => method !== 'GET');

const fault = (path: string, one: Fault, more: { method?: string; nth?: number } = {}) =>
	standIns().faults.add({ path, times: 1, faults: [one], ...more });

/** Does something right before the platform works on the first request that is meant. */
function justBefore(name: PlatformName, isMeant: (call: PlatformCall) => boolean, act: () => void) {
	const standIn = standIns()[name] as { -readonly [Key in keyof StandIn]: StandIn[Key] };
	const { handle } = standIn;
	standIn.handle = (call) => {
		if (!isMeant(call)) return handle(call);
		standIn.handle = handle;
		act();
		return handle(call);
	};
}

/** The requests that create a record, in their order. */
const CREATES: Record<PlatformName, string[]> = {
	elevenlabs: ['/elevenlabs/v1/convai/phone-numbers'],
	retell: ['/retell/import-phone-number'],
	vapi: ['/vapi/credential', '/vapi/phone-number'],
	livekit: ['CreateSIPInboundTrunk', 'CreateSIPDispatchRule', 'CreateSIPOutboundTrunk'],
	xai: ['/xai/v2/phone-numbers'],
};
const EACH_CREATE = PLATFORMS.flatMap((name) => CREATES[name].map((path) => [name, path] as const));

describe('an answer that isn’t what was expected', () => {
	const KINDS: Fault[] = [
		{ kind: 'empty' },
		{ kind: 'badJson' },
		{ kind: 'status', status: 200, body: [] },
	];

	it.each(EACH_CREATE)('%s %s: told by its step, and the number stays', async (name, path) => {
		for (const kind of KINDS) {
			begin();
			fault(path, kind, { method: 'POST' });
			const answer = await post(name);
			expect(answer).toMatchObject({
				status: 502,
				step: expect.stringMatching(/^(Import|Connect|Create|Register|Send) /),
				error: expect.stringMatching(/unexpected answer/),
				fix: expect.stringMatching(/./),
			});
			expect(routeOf()).toBe(before);
		}
	});
});

describe('a request that is carried out, and whose answer is lost', () => {
	it.each(EACH_CREATE)('%s %s: a second run finds what it made', async (name, path) => {
		fault(path, { kind: 'status', status: 500, body: { message: 'oops' }, done: true });
		const lost = await post(name);
		expect(lost).toMatchObject({ status: 502, error: expect.stringContaining('answered 500') });
		expect(routeOf()).toBe(before);
		const again = await connect(name, lost.password ? { password: lost.password } : {});
		expect(again).toMatchObject({ status: 200 });
		expect(counts(name)).toEqual(ONE_OF_EACH[name]);
		expect(isRouted()).toBe(true);
	});

	it.each(['vapi', 'livekit'] as const)(
		'%s carries it out only after the second run: both sides agree, and the twin is named',
		async (name) => {
			const path = there(CREATES[name].find((one) => /credential|Outbound/.test(one)));
			fault(path, { kind: 'slow', ms: 6_000 }, { method: 'POST' });
			const lost = await post(name);
			expect(lost.status).toBe(502);
			expect(await post(name, { password: lost.password })).toMatchObject({ status: 200 });
			const kind =
				name === 'vapi' ? standIns().vapi.credentials : standIns().livekit.outboundTrunks;
			await eventually('the late one', () => (kind.size === 2 ? true : undefined));
			const again = await post(name);
			expect(again).toMatchObject({ status: 200, created: false });
			const used = again.credential_id ?? again.outbound_trunk_id;
			const other = [...kind.keys()].find((id) => id !== used);
			expect(again.warnings.join()).toContain(other);
			if (name === 'vapi') {
				expect(values(standIns().vapi.numbers)).toMatchObject([{ credentialId: used }]);
				expect(first(stand.simulator.state.uris.all()).uri).toContain(used);
			}
		},
	);
});

describe('two runs at the same time', () => {
	it('vapi: two numbers of one customer share one credential', async () => {
		const answers = await Promise.all([post('vapi'), post('vapi', { phoneNumber: SECOND })]);
		expect(answers).toMatchObject([{ status: 200 }, { status: 200 }]);
		expect(counts('vapi')).toEqual([1, 2]);
		const { id } = only(values(standIns().vapi.credentials));
		expect(first(stand.simulator.state.uris.all()).uri).toContain(id);
		for (const { credentialId } of values(standIns().vapi.numbers)) expect(credentialId).toBe(id);
	});

	it.each(PLATFORMS)('%s: nothing is made twice', async (name) => {
		standIns().variants.vapiTwins = 'allowed';
		const answers = await Promise.all([post(name), post(name)]);
		expect(answers.some(({ status }) => status === 200)).toBe(true);
		for (const { status } of answers) expect([200, 409]).toContain(status);
		expect(await connect(name)).toMatchObject({ status: 200, created: false });
		expect(counts(name)).toEqual(ONE_OF_EACH[name]);
	});

	/** The same customer’s other run has just made the record. */
	it.each([
		[
			'elevenlabs',
			'/v1/convai/phone-numbers',
			() =>
				standIns().elevenlabs.numbers.set('phnum_other', {
					phone_number_id: 'phnum_other',
					phone_number: NUMBER,
					label: 'x',
					agent_id: null,
				}),
		],
		[
			'retell',
			'/import-phone-number',
			() =>
				standIns().retell.numbers.set(NUMBER, {
					phone_number: NUMBER,
					trunk: { termination_uri: 'x.example', transport: 'TCP' },
					settings: {},
					changed: 0,
				}),
		],
		[
			'livekit',
			'/twirp/livekit.SIP/CreateSIPInboundTrunk',
			() =>
				standIns().livekit.inboundTrunks.set('ST_other', {
					sip_trunk_id: 'ST_other',
					numbers: [NUMBER],
					allowed_numbers: [],
				}),
		],
	] as const)('%s has it by now: it is found and used', async (name, path, act) => {
		justBefore(name, ({ method, path: asked }) => method === 'POST' && asked === path, act);
		expect(await post(name)).toMatchObject({ status: 200, created: false });
		expect(counts(name)).toEqual(ONE_OF_EACH[name]);
		expect(isRouted()).toBe(true);
	});

	it('vapi: of two credentials and two records of the number the older ones stay', async () => {
		const { vapi, variants } = standIns();
		variants.vapiTwins = 'allowed';
		const old = { createdAt: '2020-01-01T00:00:00.000Z' };
		justBefore(
			'vapi',
			({ method, path }) => method === 'POST' && path === '/credential',
			() => {
				const trunk = first(
					stand.simulator.state.trunks
						.all()
						.filter(({ trunk_direction }) => trunk_direction === 'outbound'),
				);
				const id = '11111111-1111-4111-8111-111111111111';
				const gateways = [{ ip: String(trunk.trunk_domain), inboundEnabled: false }];
				vapi.credentials.set(id, { id, provider: 'byo-sip-trunk', name: 'x', gateways, ...old });
				justBefore(
					'vapi',
					(call) => call.method === 'POST' && call.path === '/phone-number',
					() => vapi.numbers.set('old', { id: 'old', number: NUMBER, credentialId: id, ...old }),
				);
			},
		);
		expect(await post('vapi')).toMatchObject({ status: 200, created: false });
		expect(counts('vapi')).toEqual([1, 1]);
		expect(values(vapi.numbers)).toMatchObject([{ id: 'old', assistantId: ASSISTANT }]);
		expect(first(stand.simulator.state.uris.all()).uri).toMatch(/^11111111-/);
	});

	it('livekit: of two outbound trunks one stays', async () => {
		const { livekit } = standIns();
		justBefore(
			'livekit',
			({ path }) => path.endsWith('/CreateSIPOutboundTrunk'),
			() => {
				const trunk = first(
					stand.simulator.state.trunks
						.all()
						.filter(({ trunk_direction }) => trunk_direction === 'outbound'),
				);
				const { username } = first(stand.simulator.state.credentials.all());
				livekit.outboundTrunks.set('ST_-', {
					sip_trunk_id: 'ST_-',
					address: trunk.trunk_domain,
					numbers: [SECOND],
					auth_username: username,
				});
			},
		);
		expect(await post('livekit')).toMatchObject({ status: 200, outbound_trunk_id: 'ST_-' });
		expect(values(livekit.outboundTrunks)).toMatchObject([
			{ numbers: [SECOND, NUMBER], auth_password: password() },
		]);
	});

	it('livekit: our own second trunk goes again unlisted, and no other is left unsaid', async () => {
		const { livekit } = standIns();
		const asks = (what: string) => (call: PlatformCall) => call.path.endsWith(what);
		justBefore('livekit', asks('/CreateSIPOutboundTrunk'), () => {
			const trunk = there(
				stand.simulator.state.trunks
					.all()
					.find(({ trunk_direction }) => trunk_direction === 'outbound'),
			);
			const { username: auth_username } = first(stand.simulator.state.credentials.all());
			for (const sip_trunk_id of ['ST_-', 'ST_-b'])
				livekit.outboundTrunks.set(sip_trunk_id, {
					sip_trunk_id,
					address: trunk.trunk_domain,
					numbers: [SECOND],
					auth_username,
				});
			// The list is late: it doesn't have the new one yet.
			justBefore('livekit', asks('/ListSIPOutboundTrunk'), () => {
				const [id, late] = there([...livekit.outboundTrunks].at(-1));
				livekit.outboundTrunks.delete(id);
				justBefore('livekit', asks('/DeleteSIPTrunk'), () => livekit.outboundTrunks.set(id, late));
			});
		});
		const answer = await post('livekit');
		expect(answer).toMatchObject({ status: 200, outbound_trunk_id: 'ST_-' });
		expect(answer.warnings.join()).toContain('ST_-b');
		expect([...livekit.outboundTrunks.keys()]).toEqual(['ST_-', 'ST_-b']);
	});

	it('xai: the other run has the secret', async () => {
		const { xai } = standIns();
		justBefore(
			'xai',
			({ method }) => method === 'POST',
			() => xai.numbers.set(NUMBER, { number: NUMBER, name: 'x', webhookId: 'wh_x' }),
		);
		expect(await post('xai')).toMatchObject({
			status: 409,
			field: 'secretSaved',
			error: expect.stringContaining('to the run that registered it'),
		});
		expect(routeOf()).toBe(before);
	});
});

describe('a login that works is never changed', () => {
	it.each(WITH_PASSWORD)('%s: another password, and then the platform refuses', async (name) => {
		const { password: word } = await connect(name);
		const held = made(name);
		stand.simulator.clearRequests();
		const path = { elevenlabs: '/v1/convai/', retell: '/update-', livekit: 'UpdateSIPOutbound' };
		fault(
			path[name],
			{ kind: 'status', status: 500, body: { message: 'oops' } },
			{
				...(name === 'elevenlabs' && { method: 'PATCH' }),
			},
		);
		expect(await post(name, { password: 'Other_word_2' })).toMatchObject({ status: 502 });
		expect(password()).toBe(word);
		expect(made(name)).toEqual(held);
		const same = await post(name);
		expect(same).toMatchObject({ status: 200 });
		expect(same.warnings.join()).not.toContain('password that you sent');
		expect(made(name)).toEqual(held);
		expect(plivoWrites()).toEqual([]);
		// One that was set with Rotate Password reaches the platform; whether it is Plivo's, nobody can see.
		first(stand.simulator.state.credentials.all()).password = 'Rotated_3';
		const rotated = await post(name, { password: 'Rotated_3' });
		expect(rotated).toMatchObject({ status: 200 });
		expect(rotated.warnings.join()).toMatch(
			/got the password that you sent. Plivo's login was not changed.*SIP Credential, Rotate Password/,
		);
		expect(JSON.stringify(made(name))).toContain('Rotated_3');
		expect(plivoWrites()).toEqual([]);
	});

	it.each(WITH_PASSWORD)(
		'%s: a new customer’s login is Plivo’s, and that is said',
		async (name) => {
			const answer = await connect(name, { password: 'My_own_word_1' });
			expect(answer).toMatchObject({ status: 200, password: password() });
			expect(answer.warnings.join()).toContain('the one that you sent was not used');
			expect(JSON.stringify(made(name))).not.toContain('My_own_word_1');
			expect(JSON.stringify(made(name))).toContain(JSON.stringify(answer.password));
		},
	);

	it.each(WITH_PASSWORD)('%s has the number with an old login', async (name) => {
		const { password: word } = await connect(name);
		const old = { auth_username: 'old_login', auth_password: 'old_word' };
		if (name === 'livekit') Object.assign(only(values(standIns().livekit.outboundTrunks)), old);
		if (name === 'retell') Object.assign(only(values(standIns().retell.numbers)).trunk, old);
		if (name === 'elevenlabs') {
			const credentials = { username: 'old_login', password: 'old_word' };
			const number = only(values(standIns().elevenlabs.numbers));
			number.outbound.credentials = credentials;
			// It would refuse Plivo's calls.
			number.inbound = {
				media_encryption: 'required',
				allowed_addresses: ['192.0.2.1'],
				credentials,
			};
		}
		const held = made(name);
		expect(await post(name)).toMatchObject({
			status: 409,
			field: 'password',
			fix: expect.stringContaining('Rotate Password'),
		});
		expect(made(name)).toEqual(held);
		expect(await post(name, { password: word })).toMatchObject({ status: 200, created: false });
		expect(JSON.stringify(made(name))).not.toMatch(/old_login|old_word|192\.0\.2\.1/);
		if (name === 'elevenlabs')
			expect(values(standIns().elevenlabs.numbers)).toMatchObject([
				{ inbound: { media_encryption: 'allowed' } },
			]);
		expect(JSON.stringify(made(name))).toContain(JSON.stringify(word));
	});

	it.each(WITH_PASSWORD)('%s: a password is in no refusal', async (name) => {
		const { password: word } = await connect(name);
		if (name === 'livekit') standIns().livekit.outboundTrunks.clear();
		const creates = nth(CREATES[name], -1);
		const text = `login acme:${word} is not right`;
		fault(
			creates,
			{ kind: 'status', status: 400, body: { message: text, msg: text } },
			{
				method: 'POST',
			},
		);
		const number = name === 'livekit' ? NUMBER : SECOND;
		const answer = await post(name, { phoneNumber: number, password: word });
		expect(answer).toMatchObject({
			status: 502,
			error: expect.stringContaining('login acme:… is not right'),
		});
		expect(JSON.stringify(answer)).not.toContain(word);
		for (const wrong of ['four', 'with spaces in it', 'x'.repeat(21)]) {
			const refused = await post(name, { password: wrong });
			expect(refused).toMatchObject({ status: 400, field: 'password' });
			expect(JSON.stringify(refused)).not.toContain(wrong);
		}
	});
});

describe('what a person has set stays', () => {
	it.each(['snake', 'camel'] as const)('livekit, answers in %s case', async (names) => {
		standIns().variants.livekitNames = names;
		await connect('livekit');
		const { rules, outboundTrunks, inboundTrunks } = standIns().livekit;
		const rule = only(values(rules));
		const own = {
			name: 'Night line',
			metadata: '{"fooBar":1}',
			attributes: { fooBar: 'x', foo_bar: 'y' },
			hide_phone_number: true,
		};
		Object.assign(rule, own);
		rule.rule = { dispatch_rule_individual: { room_prefix: 'acme-', pin: '' } };
		rule.room_config = {
			max_participants: 3,
			agents: [{ agent_name: 'reception', metadata: 'acme' }],
		};
		const trunk = only(values(outboundTrunks));
		const headers = { 'X-Own': 'a' };
		const media = { ...trunk.media, only_listed_codecs: true };
		Object.assign(trunk, { name: 'Mine', headers, media });
		Object.assign(only(values(inboundTrunks)), {
			allowed_numbers: ['+15550001'],
			krisp_enabled: true,
		});
		const held = made('livekit');
		expect(await post('livekit')).toMatchObject({ status: 200 });
		expect(made('livekit')).toEqual(held);
		// Also where the customer moves to another agent.
		expect(await post('livekit', CASES.livekit.moved)).toMatchObject({ status: 200 });
		expect(values(rules)).toEqual([
			{
				...rule,
				...own,
				room_config: { max_participants: 3, agents: [{ agent_name: 'sales', metadata: 'acme' }] },
			},
		]);
		expect(rule.rule.dispatch_rule_individual.room_prefix).toBe('acme-');
	});

	it('elevenlabs', async () => {
		await connect('elevenlabs');
		const number = only(values(standIns().elevenlabs.numbers));
		number.label = 'Night line';
		number.inbound = {
			media_encryption: 'required',
			allowed_numbers: ['+15550001'],
			credentials: { username: 'in', password: 'in_word' },
		};
		Object.assign(number.outbound, { headers: { 'X-Own': 'a' }, enabled_codecs: ['PCMU/8000'] });
		const held = made('elevenlabs');
		const locked = await post('elevenlabs');
		expect(locked).toMatchObject({ status: 200 });
		expect(locked.warnings.join()).toContain("check that Plivo's calls can come in");
		expect(made('elevenlabs')).toEqual(held);
		// Also where the login has to be sent.
		expect(await post('elevenlabs', { password: String(password()) })).toMatchObject({
			status: 200,
		});
		expect(made('elevenlabs')).toEqual(held);
	});

	it.each([
		[{ credentials: { username: 'in', password: 'in_word' } }, true],
		[{ allowed_addresses: ['192.0.2.1'] }, true],
		[{ allowed_addresses: ['0.0.0.0/0'] }, false],
		[{ allowed_numbers: ['+15550001'] }, true],
		[{ media_encryption: 'required' }, true],
		[{ media_encryption: 'disabled' }, false],
	])('elevenlabs: what may keep Plivo out is told (%j)', async (inbound, isTold) => {
		await connect('elevenlabs');
		Object.assign(only(values(standIns().elevenlabs.numbers)), { inbound });
		const { status, warnings } = await post('elevenlabs');
		expect(status).toBe(200);
		expect(/takes calls to \+14155550101 only from/.test(warnings.join())).toBe(isTold);
		expect(values(standIns().elevenlabs.numbers)).toMatchObject([{ inbound }]);
	});

	it('retell', async () => {
		await connect('retell');
		const number = only(values(standIns().retell.numbers));
		Object.assign(number.settings, {
			nickname: 'Night line',
			fallback_number: '+15550001',
			inbound_agents: [
				{ agent_id: 'agent_1', weight: 0.5, agent_version: 3 },
				{ agent_id: 'agent_9', weight: 0.5 },
			],
		});
		const { numbers } = made('retell') as { numbers: Json[] };
		expect(await post('retell')).toMatchObject({ status: 200 });
		expect(number.settings).toEqual(only(numbers).settings);
	});

	it('vapi', async () => {
		await connect('vapi');
		const credential = only(values(standIns().vapi.credentials));
		credential.name = 'Night line';
		credential.gateways[0].optionsPingEnabled = true;
		credential.gateways.push({ ip: '198.51.100.7', outboundEnabled: false });
		const number = only(values(standIns().vapi.numbers));
		number.name = 'Night line';
		const held = structuredClone([credential, number]);
		expect(await post('vapi', { phoneNumber: SECOND })).toMatchObject({ status: 200 });
		expect(await post('vapi')).toMatchObject({ status: 200, created: false });
		const rest = ({ updatedAt: _updatedAt, ...one }: Json) => one;
		expect([credential, number].map(rest)).toEqual(held.map(rest));
		expect(counts('vapi')).toEqual([1, 2]);
	});

	it.each(['hidden', 'shown'] as const)(
		'xai: the webhook of a number can’t be changed, and that is said (%s in the list)',
		async (shown) => {
			standIns().variants.xaiWebhooks = shown;
			await connect('xai');
			const answer = await post('xai', CASES.xai.moved);
			if (shown === 'shown') expect(answer).toMatchObject({ status: 409, field: 'webhookUrl' });
			else expect(answer.warnings.join()).toContain('change it in xAI');
		},
	);

	it.each(['elevenlabs', 'retell', 'vapi', 'livekit'] as const)(
		'%s: a customer moves to another agent',
		async (name) => {
			await connect(name);
			expect(await post(name, CASES[name].moved)).toMatchObject({ status: 200, created: false });
			const [value] = Object.values(CASES[name].moved);
			expect(JSON.stringify(made(name))).toContain(JSON.stringify(value));
			expect(JSON.stringify(made(name))).not.toMatch(/"agent_1"|"reception"|7a11"/);
			expect(counts(name)).toEqual(ONE_OF_EACH[name]);
		},
	);
});

describe('long lists', () => {
	const createdAt = (minute: number) => new Date(Date.UTC(2040, 0, 1, 0, minute)).toISOString();
	const gateways = [{ ip: '198.51.100.7', inboundEnabled: true }];

	/** More credentials than two pages have; all younger than the customer's. */
	function fill(count: number) {
		for (let one = 0; one < count; one++) {
			const id = `other-${one}`;
			const record = {
				id,
				provider: 'byo-sip-trunk',
				name: id,
				gateways,
				createdAt: createdAt(one),
			};
			standIns().vapi.credentials.set(id, record);
		}
	}

	it.each(['paged', 'whole'] as const)('vapi: 2,300 credentials, %s', async (kind) => {
		standIns().variants.vapiCredentials = kind;
		await connect('vapi');
		fill(2_300);
		expect(await post('vapi', { phoneNumber: SECOND })).toMatchObject({ status: 200 });
		expect(counts('vapi')).toEqual([2_301, 2]);
		expect(new Set(values(standIns().vapi.numbers).map((one) => one.credentialId)).size).toBe(1);
	});

	it('vapi: a list that can’t be seen as a whole is told, and makes no twin', async () => {
		standIns().variants.vapiCredentials = 'newest';
		fault(
			'/vapi/credential',
			{ kind: 'status', status: 500, body: {}, done: true },
			{ method: 'POST' },
		);
		expect(await post('vapi')).toMatchObject({ status: 502 });
		fill(200);
		expect(await post('vapi')).toMatchObject({
			status: 409,
			error: expect.stringContaining('Vapi lists only 100 credentials'),
		});
		expect(counts('vapi')).toEqual([201, 0]);
		expect(routeOf()).toBe(before);
	});

	it('vapi: 250 numbers that are only alike', async () => {
		await connect('vapi');
		const own = only(values(standIns().vapi.numbers));
		standIns().vapi.numbers.clear();
		for (let one = 0; one < 250; one++)
			standIns().vapi.numbers.set(`n${one}`, {
				id: `n${one}`,
				number: `+1999${one}`,
				name: `like ${NUMBER}`,
			});
		standIns().vapi.numbers.set(own.id, own);
		expect(await post('vapi')).toMatchObject({ status: 200, phone_number_id: own.id });
		expect(standIns().vapi.numbers.size).toBe(251);
	});

	it('livekit: 230 of each kind before the customer’s', async () => {
		standIns().variants.livekitLists = 'capped';
		await connect('livekit');
		const { inboundTrunks, outboundTrunks, rules } = standIns().livekit;
		const rule = { dispatch_rule_direct: { room_name: 'x' } };
		for (let one = 0; one < 230; one++) {
			const id = `-${String(one).padStart(3, '0')}`;
			inboundTrunks.set(`ST_${id}`, { sip_trunk_id: `ST_${id}`, numbers: [], auth_username: id });
			outboundTrunks.set(`ST_o${id}`, {
				sip_trunk_id: `ST_${id}`,
				numbers: ['*'],
				address: 'x.example',
			});
			rules.set(`SDR_${id}`, { sip_dispatch_rule_id: `SDR_${id}`, trunk_ids: [], rule });
		}
		expect(await post('livekit')).toMatchObject({ status: 200, created: false });
		expect(counts('livekit')).toEqual([231, 231, 231]);
	});

	it('retell and elevenlabs: 1,200 other numbers', async () => {
		for (const name of ['retell', 'elevenlabs'] as const) {
			await connect(name);
			for (let one = 0; one < 1_200; one++) {
				const phone_number = `+1999${String(one).padStart(7, '0')}`;
				if (name === 'retell')
					standIns().retell.numbers.set(phone_number, {
						phone_number,
						trunk: { termination_uri: 'x.example', transport: 'TCP' },
						settings: {},
						changed: 0,
					});
				else
					standIns().elevenlabs.numbers.set(phone_number, {
						phone_number_id: phone_number,
						phone_number,
						label: 'x',
						agent_id: null,
					});
			}
			expect(await post(name)).toMatchObject({ status: 200, created: false });
			expect(counts(name)[0]).toBe(1_201);
			there(stand.simulator.state.numbers.get(NUMBER.slice(1))).application = before;
		}
	});
});

describe('what isn’t this customer’s is not touched', () => {
	it('vapi: two customers whose names have the same first 40 characters', async () => {
		const [one, other] = ['North', 'South'].map(
			(end) => `The Very Long Name of a Dental Practice Group, ${end}`,
		);
		expect(await post('vapi', { customer: one })).toMatchObject({ status: 200 });
		const earlier = made('vapi') as { credentials: Json[]; numbers: Json[] };
		const answer = await post('vapi', { customer: other, phoneNumber: SECOND });
		expect(answer).toMatchObject({ status: 200, created: true });
		const now = made('vapi') as { credentials: Json[]; numbers: Json[] };
		expect(now.credentials).toHaveLength(2);
		expect(now.credentials[0]).toEqual(earlier.credentials[0]);
		expect(now.numbers.map((number) => number.credentialId)).toEqual(
			now.credentials.map(({ id }) => id),
		);
		const uris = stand.simulator.state.uris.all().map(({ uri }) => String(uri).slice(0, 36));
		expect(uris.sort()).toEqual(now.credentials.map(({ id }) => id).sort());
	});

	it('vapi: a credential that was renamed is still the customer’s; a deleted one is told', async () => {
		await connect('vapi');
		const credential = only(values(standIns().vapi.credentials));
		const { uri } = first(stand.simulator.state.uris.all());
		credential.name = 'Night line';
		credential.gateways.shift();
		expect(await post('vapi', { phoneNumber: SECOND })).toMatchObject({
			status: 200,
			credential_id: credential.id,
		});
		delete credential.gateways;
		expect(await post('vapi')).toMatchObject({ status: 200, credential_id: credential.id });
		expect(credential.gateways).toHaveLength(15);
		standIns().vapi.credentials.clear();
		expect(await post('vapi', { phoneNumber: SECOND })).toMatchObject({
			status: 409,
			error: expect.stringContaining(credential.id),
		});
		expect(stand.simulator.state.uris.all()).toMatchObject([{ uri }]);
	});

	it.each([
		['livekit', { sipHost: 'other1.sip.livekit.cloud', apiHost: 'other.livekit.cloud' }],
		['elevenlabs', { region: 'india' }],
	] as const)(
		'%s: a second number takes the first one’s calls nowhere else',
		async (name, more) => {
			await connect(name);
			const { uri } = first(stand.simulator.state.uris.all());
			const held = made(name);
			expect(await post(name, { phoneNumber: SECOND, ...more })).toMatchObject({
				status: 409,
				error: expect.stringContaining('Calls to 14155550101 (inbound trunk'),
				fix: expect.stringContaining('under another customer name'),
			});
			expect(stand.simulator.state.uris.all()).toMatchObject([{ uri }]);
			expect(made(name)).toEqual(held);
		},
	);

	it('livekit: a rule of the trunk for another number; a trunk that lets in only some calls', async () => {
		trunk({ auth_username: 'somebody' });
		rule({ numbers: ['+15550001'], room_config: { agents: [{ agent_name: 'reception' }] } });
		const answer = await post('livekit');
		expect(answer).toMatchObject({ status: 200, created: false });
		expect(answer.warnings.join()).toContain('check that Plivo');
		expect(values(standIns().livekit.rules)).toMatchObject([
			{ sip_dispatch_rule_id: 'SDR_x' },
			{ trunk_ids: ['ST_x'], numbers: [] },
		]);
	});

	interface Foreign {
		title: string;
		name: PlatformName;
		arrange: () => void;
		changes?: Record<string, unknown>;
		answer: Record<string, unknown>;
	}
	const trunk = (more: object) =>
		standIns().livekit.inboundTrunks.set('ST_x', {
			sip_trunk_id: 'ST_x',
			numbers: [NUMBER],
			allowed_numbers: [],
			...more,
		});
	const rule = (more: object) =>
		standIns().livekit.rules.set('SDR_x', {
			sip_dispatch_rule_id: 'SDR_x',
			name: 'x',
			trunk_ids: ['ST_x'],
			numbers: [],
			inbound_numbers: [],
			rule: { dispatch_rule_direct: { room_name: 'x' } },
			room_config: { agents: [{ agent_name: 'other' }] },
			...more,
		});
	const number = (id: string, more: object) =>
		standIns().vapi.numbers.set(id, { id, number: NUMBER, createdAt: '2026', ...more });
	const FOREIGN: Foreign[] = [
		{
			title: 'a trunk with other numbers, whose rule has another agent',
			name: 'livekit',
			arrange: () => {
				trunk({ numbers: [NUMBER, '+15550001'] });
				rule({});
			},
			answer: { status: 409, error: expect.stringContaining('+15550001') },
		},
		{
			title: 'a trunk with other numbers and no rule',
			name: 'livekit',
			arrange: () => trunk({ numbers: ['1 (415) 555-0101', '+15550001'] }),
			answer: { status: 409, error: expect.stringContaining('+15550001') },
		},
		{
			title: 'a rule that serves other trunks',
			name: 'livekit',
			arrange: () => {
				trunk({});
				rule({ trunk_ids: ['ST_x', 'ST_y'] });
			},
			answer: { status: 409, error: expect.stringContaining('serves other trunks too') },
		},
		{
			title: 'a rule with several agents',
			name: 'livekit',
			arrange: () => {
				trunk({});
				rule({ room_config: { agents: [{ agent_name: 'a' }, { agent_name: 'b' }] } });
			},
			answer: { status: 409, error: expect.stringContaining('several agents (a, b)') },
		},
		{
			title: 'the number in two spellings',
			name: 'vapi',
			arrange: () => {
				number('one', {});
				number('two', { number: NUMBER.slice(1) });
			},
			answer: { status: 409, error: expect.stringContaining('2 times: one, two') },
		},
		{
			title: 'a squad that takes the number’s calls',
			name: 'vapi',
			arrange: () => number('one', { squadId: 'squad_1' }),
			answer: { status: 409, error: expect.stringContaining('squad_1') },
		},
		{
			title: 'the number without plus, of somebody else',
			name: 'elevenlabs',
			arrange: () =>
				standIns().elevenlabs.numbers.set('phnum_x', {
					phone_number_id: 'phnum_x',
					phone_number: NUMBER.slice(1),
					label: 'x',
					agent_id: 'agent_9',
				}),
			answer: { status: 409, error: expect.stringContaining(NUMBER.slice(1)) },
		},
		{
			title: 'the number in another workspace',
			name: 'retell',
			arrange: () => standIns().retell.elsewhere.add(NUMBER),
			answer: { status: 409, error: expect.stringContaining('another workspace') },
		},
	];

	it.each(FOREIGN)('$name: $title', async ({ name, arrange, changes, answer }) => {
		arrange();
		const held = made(name);
		expect(await post(name, changes)).toMatchObject({ ...answer, fix: expect.stringMatching(/./) });
		const now = made(name);
		const kept = name === 'vapi' ? { numbers: now.numbers } : now;
		expect(held).toMatchObject(kept);
		expect(routeOf()).toBe(before);
	});

	it('elevenlabs: a second record without plus is named', async () => {
		await connect('elevenlabs');
		const own = only(values(standIns().elevenlabs.numbers));
		const phone_number = NUMBER.slice(1);
		const twin = { ...own, phone_number, agent_id: null } as never;
		standIns().elevenlabs.numbers.set('twin', twin);
		const answer = await post('elevenlabs');
		expect(answer).toMatchObject({ status: 200, phone_number_id: own.phone_number_id });
		expect(answer.warnings.join()).toContain(`${NUMBER} and ${phone_number}`);
	});

	it('vapi: the number without plus is the number', async () => {
		number('one', { number: NUMBER.slice(1), numberE164CheckEnabled: false });
		expect(await post('vapi')).toMatchObject({
			status: 200,
			created: false,
			phone_number_id: 'one',
		});
		expect(values(standIns().vapi.numbers)).toMatchObject([{ assistantId: ASSISTANT }]);
	});
});

it.each(PLATFORMS)('%s: names that look like a placeholder are names', async (name) => {
	for (const customer of ['XXXLutz KG', 'Todos Santos Dental', 'And So On... GmbH', 'My Web Host'])
		expect(await post(name, { customer })).not.toMatchObject({ status: 400, field: 'customer' });
});

describe('placeholders that were left in', () => {
	const LEFT = ['<agent id>', '{{ agentId }}', 'your_agent_id', 'TODO'];
	const FIELDS = {
		elevenlabs: 'agentId',
		retell: 'agentId',
		vapi: 'assistantId',
		livekit: 'agentName',
		xai: 'webhookUrl',
	};

	it.each(PLATFORMS)('%s: 400 with the field, and nothing is done', async (name) => {
		const field = FIELDS[name];
		for (const text of LEFT)
			expect(await post(name, { [field]: text })).toMatchObject({ status: 400, field });
		expect(await post(name, { customer: '<customer>' })).toMatchObject({
			status: 400,
			field: 'customer',
		});
		expect(standIns().requests).toEqual([]);
		expect(plivoWrites()).toEqual([]);
	});
});
