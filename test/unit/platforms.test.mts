import fc, { runs } from '../support/fastCheck.mts';

import { PlivoFailure } from '../../nodes/PlivoSipTrunking/failure.ts';
import { addressProblem } from '../../nodes/PlivoSipTrunking/input/ipAddress.ts';
import { parseSipAddress } from '../../nodes/PlivoSipTrunking/input/sipAddress.ts';
import {
	type Platform,
	PLATFORMS,
} from '../../nodes/PlivoSipTrunking/knowledge/platforms/index.ts';
import {
	planPlatform,
	type PlatformRequest,
} from '../../nodes/PlivoSipTrunking/provisioning/platformPlan.ts';

const LIVEKIT = { platform: 'livekit', platformHost: 'abc123.sip.livekit.cloud' };
const CUSTOM = { platform: 'custom', platformHost: 'pbx.example.com', transport: 'udp' };
const XAI = { platform: 'xai', direction: 'inbound' };
const ALL = [
	LIVEKIT,
	{ platform: 'elevenlabs' },
	{ platform: 'retell' },
	{ platform: 'vapi' },
	XAI,
	CUSTOM,
];
const INDIAN = [{ number: '918031234567' }];
const AMERICAN = [{ number: '+14155550100', country: 'US' }];

function refusal(request: PlatformRequest): string {
	try {
		planPlatform(request);
	} catch (error) {
		expect(error).toBeInstanceOf(PlivoFailure);
		expect(error).toMatchObject({
			kind: 'input',
			description: expect.stringMatching(/^[A-Z].*\.$/),
		});
		return (error as PlivoFailure).message;
	}
	throw new Error('was not refused');
}

describe('what each platform needs', () => {
	it.each<[PlatformRequest, string, string, string[] | undefined, boolean | undefined]>([
		[LIVEKIT, 'abc123.sip.livekit.cloud;transport=tcp', 'credential', undefined, undefined],
		[
			{ ...LIVEKIT, secure: true },
			'abc123.sip.livekit.cloud;transport=tls',
			'credential',
			undefined,
			true,
		],
		[
			{ platform: 'elevenlabs' },
			'sip.rtc.elevenlabs.io:5060;transport=tcp',
			'credential',
			undefined,
			undefined,
		],
		[
			{ platform: 'elevenlabs', secure: true },
			'sip.rtc.elevenlabs.io:5061;transport=tls',
			'credential',
			undefined,
			true,
		],
		[
			{ platform: 'elevenlabs', region: 'india' },
			'sip.rtc.in.residency.elevenlabs.io:5060;transport=tcp',
			'credential',
			undefined,
			undefined,
		],
		[{ platform: 'retell' }, 'sip.retellai.com;transport=tcp', 'credential', undefined, undefined],
		[
			{ platform: 'retell', transport: 'TLS' },
			'sip.retellai.com;transport=tls',
			'credential',
			undefined,
			undefined,
		],
		[
			{ platform: 'vapi' },
			'sip.vapi.ai;transport=udp',
			'ipAcl',
			['44.229.228.186/32', '44.238.177.138/32'],
			undefined,
		],
		[
			{ platform: 'vapi', region: 'us' },
			'sip.vapi.ai;transport=udp',
			'ipAcl',
			['44.229.228.186/32', '44.238.177.138/32'],
			undefined,
		],
		[
			{ platform: 'vapi', region: 'EU' },
			'sip.eu.vapi.ai;transport=udp',
			'ipAcl',
			['63.182.83.170/32'],
			undefined,
		],
		[XAI, 'sip.voice.x.ai;transport=tls', 'none', undefined, undefined],
		[CUSTOM, 'pbx.example.com;transport=udp', 'credential', undefined, undefined],
	])('%j', (request, inboundUri, outboundAuthentication, ipAddresses, secure) => {
		const plan = planPlatform(request);
		expect(plan).toMatchObject({ inboundUri, outboundAuthentication });
		// Billed per minute: only where the user says so, whatever the transport of inbound calls.
		expect(plan.secure).toBe(secure);
		expect(plan.ipAddresses).toEqual(ipAddresses);
		for (const address of ipAddresses ?? []) expect(addressProblem(address)).toBeUndefined();
	});

	it('leaves Secure off where the user has switched it off', () => {
		expect(planPlatform({ ...XAI, secure: false }).secure).toBe(false);
	});

	it('hands out its own copy of the addresses', () => {
		planPlatform({ platform: 'vapi' }).ipAddresses!.push('0.0.0.0/0');
		expect(planPlatform({ platform: 'vapi' }).ipAddresses).toHaveLength(2);
	});

	it.each([
		['pbx.example.com:5080', 'tcp', 'pbx.example.com:5080;transport=tcp'],
		[' sip:pbx.example.com ', 'tcp', 'pbx.example.com;transport=tcp'],
		['sip:in@pbx.example.com:5070', 'udp', 'sip:in@pbx.example.com:5070;transport=udp'],
		['pbx.example.com;transport=tls', '', 'pbx.example.com;transport=tls'],
		['sips:pbx.example.com', '', 'sips:pbx.example.com;transport=tls'],
		['[2001:db8::7]:5060', 'tcp', '[2001:db8::7]:5060;transport=tcp'],
		['203.0.113.7', 'tcp', '203.0.113.7;transport=tcp'],
	])('takes "%s" with "%s" for a PBX', (platformHost, transport, uri) => {
		expect(planPlatform({ platform: 'custom', platformHost, transport }).inboundUri).toBe(uri);
	});

	it('takes the SIP URI as LiveKit shows it, and its region-pinned hosts', () => {
		const uri = (platformHost: string) =>
			planPlatform({ platform: 'livekit', platformHost }).inboundUri;
		expect(uri('sip:abc123.sip.livekit.cloud')).toBe('abc123.sip.livekit.cloud;transport=tcp');
		expect(uri('ABC123.eu.sip.livekit.cloud')).toBe('abc123.eu.sip.livekit.cloud;transport=tcp');
	});

	it('takes the host of a platform that has the same one for everybody', () => {
		expect(planPlatform({ platform: 'vapi', platformHost: 'sip.vapi.ai' }).inboundUri).toBe(
			'sip.vapi.ai;transport=udp',
		);
	});

	it('needs no host and no outbound trunk for the direction that is not wanted', () => {
		const outbound = planPlatform({ platform: 'livekit', direction: 'outbound' });
		expect(outbound.inboundUri).toBeUndefined();
		expect(outbound.outboundAuthentication).toBe('credential');
		const inbound = planPlatform({ platform: 'vapi', direction: 'inbound' });
		expect(inbound).toMatchObject({
			inboundUri: 'sip.vapi.ai;transport=udp',
			outboundAuthentication: 'none',
		});
		expect(inbound.ipAddresses).toBeUndefined();
	});
});

describe('what cannot work', () => {
	it.each<[PlatformRequest, string]>([
		[{ platform: '' }, "'Platform' is empty"],
		[{ platform: 'skype' }, '\'Platform\' is "skype"'],
		[{ platform: 'constructor' }, '\'Platform\' is "constructor"'],
		[{ platform: 'retell', region: 'mars' }, '\'Region\' is "mars"'],
		[{ platform: 'retell', direction: 'sideways' }, '\'Direction\' is "sideways"'],
		[{ platform: 'retell', transport: 'sctp' }, '\'Transport\' is "sctp"'],
		[{ platform: 'xai', direction: 'both' }, "'Direction' includes outbound calls, which xAI"],
		[{ platform: 'xai', direction: 'outbound' }, "'Direction' includes outbound calls, which xAI"],
		[
			{ platform: 'vapi', phoneNumbers: INDIAN },
			"'Phone Numbers' contains an Indian number, which does not work with Vapi",
		],
		[
			{ platform: 'vapi', phoneNumbers: [...AMERICAN, { number: '123', country: 'IN' }] },
			"'Phone Numbers' contains an Indian",
		],
		[
			{ platform: 'vapi', phoneNumbers: [{ number: '123', country: 'Mumbai, INDIA' }] },
			"'Phone Numbers' contains an Indian",
		],
		[{ platform: 'vapi', region: 'india' }, "'Region' is India, where Vapi does not work"],
		[{ platform: 'livekit' }, "'Platform Host' is empty, but LiveKit"],
		[{ platform: 'livekit', platformHost: '  ' }, "'Platform Host' is empty"],
		[
			{ platform: 'livekit', platformHost: 'wss://abc.livekit.cloud' },
			"'Platform Host' begins with wss:",
		],
		[
			{ platform: 'livekit', platformHost: 'abc.livekit.cloud' },
			"'Platform Host' is abc.livekit.cloud, which is not a LiveKit SIP host",
		],
		[{ platform: 'livekit', platformHost: 'sip.livekit.cloud' }, 'not a LiveKit SIP host'],
		[
			{ platform: 'livekit', platformHost: 'a.sip.livekit.cloud.evil.com' },
			'not a LiveKit SIP host',
		],
		[
			{ platform: 'retell', platformHost: 'pbx.example.com' },
			"'Platform Host' is pbx.example.com, but Retell uses sip.retellai.com",
		],
		[{ platform: 'vapi', platformHost: 'sip.eu.vapi.ai' }, 'Vapi uses sip.vapi.ai in this region'],
		[{ platform: 'vapi', platformHost: 'http://vapi.ai' }, "'Platform Host' begins with http:"],
		[{ platform: 'custom', transport: 'udp' }, "'Platform Host' is empty"],
		[{ platform: 'custom', platformHost: 'pbx.example.com' }, "'Transport' is empty"],
		[
			{ platform: 'custom', platformHost: 'pbx.example.com;transport=tcp', transport: 'udp' },
			"'Transport' is udp, but the platform host says tcp",
		],
		[
			{ platform: 'custom', platformHost: 'pbx.example.com;lr', transport: 'udp' },
			"'Platform Host' has the parameter lr",
		],
		[
			{ platform: 'custom', platformHost: 'pbx example.com', transport: 'udp' },
			"'Platform Host' contains a space",
		],
	])('%j', (request, message) => expect(refusal(request)).toContain(message));

	it('tells an Indian number from an American one that begins alike', () => {
		const phoneNumbers = [
			{ number: '9175550100' },
			{ number: '+1 917 555 0100', country: 'Indiana, UNITED STATES' },
		];
		expect(planPlatform({ platform: 'vapi', phoneNumbers }).warnings).toEqual([]);
	});
});

describe('what probably does not work', () => {
	const india = 'must be handled in India';
	it.each<[PlatformRequest, string[]]>([
		[{ platform: 'retell', phoneNumbers: AMERICAN }, []],
		[{ ...LIVEKIT, secure: true }, []],
		[LIVEKIT, ['guide recommends it for calls from LiveKit']],
		[{ ...LIVEKIT, direction: 'outbound' }, ['guide recommends it for calls from LiveKit']],
		[{ ...LIVEKIT, phoneNumbers: INDIAN, secure: true }, [india]],
		[{ ...LIVEKIT, region: 'india', secure: true }, [india]],
		[
			{
				platform: 'livekit',
				platformHost: 'abc.eu.sip.livekit.cloud',
				region: 'india',
				secure: true,
			},
			[india],
		],
		[
			{
				platform: 'livekit',
				platformHost: 'abc.india.sip.livekit.cloud',
				phoneNumbers: INDIAN,
				secure: true,
			},
			[],
		],
		[
			{ platform: 'elevenlabs', phoneNumbers: INDIAN },
			['choose the region India', "'Secure' is off"],
		],
		[{ platform: 'elevenlabs', region: 'india', phoneNumbers: INDIAN }, []],
		[{ platform: 'elevenlabs', region: 'india', direction: 'outbound' }, []],
		[{ platform: 'elevenlabs', region: 'india', secure: true }, ['uses TCP here, not TLS']],
		[{ platform: 'elevenlabs', region: 'eu', secure: true }, ['No host of ElevenLabs in the EU']],
		[
			{ platform: 'elevenlabs', transport: 'udp', secure: false },
			['uses TCP or TLS here, not UDP', "'Secure' is off"],
		],
		[{ platform: 'retell', phoneNumbers: INDIAN }, ['has not confirmed that Retell']],
		[{ platform: 'retell', direction: 'inbound' }, ['needed for inbound calls too']],
		// Secure belongs to the outbound trunk, the transport to the inbound URI: neither is held against the other.
		[{ platform: 'retell', transport: 'tls', secure: false }, []],
		[{ platform: 'retell', transport: 'tcp', secure: true }, []],
		[{ platform: 'vapi', secure: true }, []],
		[{ ...LIVEKIT, direction: 'inbound' }, []],
		[{ platform: 'vapi', region: 'eu' }, []],
		[XAI, []],
		[{ ...XAI, region: 'india' }, ['has not confirmed that xAI']],
		[CUSTOM, []],
		[{ ...CUSTOM, region: 'eu' }, []],
		[{ ...CUSTOM, phoneNumbers: INDIAN }, ['your PBX has to be there']],
		[{ ...CUSTOM, platformHost: '192.168.0.4' }, ['Plivo can never reach 192.168.0.4']],
		[{ ...CUSTOM, secure: true }, []],
	])('%j', (request, warnings) => {
		expect(planPlatform(request).warnings).toEqual(
			warnings.map((text) => expect.stringContaining(text)),
		);
	});

	it('asks for the outbound trunk that Retell needs even for inbound calls', () => {
		expect(planPlatform({ platform: 'retell', direction: 'inbound' }).outboundAuthentication).toBe(
			'credential',
		);
	});
});

describe('the next steps', () => {
	const values = { trunkDomain: '77.zt.plivo.com', username: 'acme01', password: "Ab$&1$'x_" };
	const steps = (request: PlatformRequest, given = values) =>
		planPlatform({ phoneNumbers: AMERICAN, ...request }).nextSteps(given);

	it.each(ALL)('are whole sentences with nothing left to fill in: %j', (request) => {
		for (const given of [values, {} as typeof values]) {
			const list = steps(request, given);
			expect(list.length).toBeGreaterThan(1);
			for (const step of list) expect(step).toMatch(/^[A-Z][^{}]*\.$/);
			expect(list.join(' ')).not.toContain('undefined');
		}
	});

	it.each([LIVEKIT, { platform: 'elevenlabs' }, { platform: 'retell' }, CUSTOM])(
		'have what to paste, passwords with special characters too: %j',
		(request) => {
			const text = steps(request).join('\n');
			for (const value of [...Object.values(values), '+14155550100']) expect(text).toContain(value);
		},
	);

	it('describe what is not known yet', () => {
		const plan = planPlatform({ platform: 'retell' });
		expect(plan.nextSteps({})[0]).toBe(
			'In Retell, connect your Plivo numbers via SIP trunking, with termination URI (the trunk domain), username (the username of the credential), password (the password of the credential) and outbound transport TCP. Retell’s API can change them later; its dashboard can’t, and a number that was removed may not come back without Retell’s support.',
		);
	});

	it('leave out the direction that is not wanted', () => {
		expect(steps({ ...LIVEKIT, direction: 'inbound' }).join()).not.toContain('outbound trunk');
		expect(steps({ ...LIVEKIT, direction: 'outbound' }).join()).not.toContain('inbound trunk');
		expect(steps(XAI).join()).not.toContain('password');
	});

	it('name the transport of outgoing calls', () => {
		expect(steps(CUSTOM).join()).toContain('transport UDP');
		expect(steps({ ...CUSTOM, transport: 'tcp' }).join()).toContain('transport TCP');
		const outbound = { ...CUSTOM, direction: 'outbound', platformHost: '' };
		expect(steps({ ...outbound, transport: '' }).join()).toContain('transport TCP');
		expect(steps({ ...outbound, transport: 'udp' }).join()).toContain('transport UDP');
		// A trunk that isn't secure refuses TLS (4110), whatever inbound calls use.
		expect(steps({ ...CUSTOM, transport: 'tls' }).join()).toContain('transport TCP');
		expect(steps({ platform: 'retell', transport: 'tls' }).join()).toContain('transport TCP');
		expect(steps({ ...LIVEKIT, secure: true }).join()).toMatch(/transport TLS.*media encryption/);
	});
});

describe('a platform is data alone', () => {
	const table = PLATFORMS as Record<string, Platform>;
	const guide = { page: 'example.com/guide', checked: '2026-11' };
	const REALTIME: Platform = {
		label: 'Realtime',
		own: guide,
		hosts: { worldwide: 'sip.realtime.example', india: 'sip-in.realtime.example' },
		projectId: { shape: /^proj_\w+$/, remedy: 'Copy it from the settings of the project.' },
		transports: ['tls'],
		outbound: 'none',
		india: { host: /^sip-in\./ },
		steps: { inbound: ['In Realtime, add a webhook for {{numbers}}.'] },
	};
	const PLAIN: Platform = {
		label: 'Plain',
		guide,
		own: guide,
		hosts: { worldwide: 'trunk.plain.example' },
		ports: { udp: 5060, tcp: 5060 },
		transports: ['udp', 'tcp'],
		outbound: 'ipAcl',
		ipAddresses: { worldwide: ['192.0.2.4/32'] },
		steps: { inbound: ['In Plain, add {{numbers}}.'], outbound: ['In Plain, call {{domain}}.'] },
		api: {
			sources: ['plain.example/docs'],
			base: { worldwide: 'https://api.plain.example' },
			authentication: 'Header Authorization',
			transports: { udp: 'udp', tcp: 'tcp' },
			requests: [
				{ step: 'getHost', purpose: 'See the host', send: 'GET https://pop.plain.example/pop' },
				{
					step: 'createTrunk',
					purpose: 'Create the trunk',
					send: 'POST /trunks',
					body: {
						'#outbound': { gateway: '{{domain}}', transport: '{{transport}}' },
						numbers: [{ '#eachNumber': { e164: '{{number}}', key: '{{digits}}' } }],
					},
					instead: 'List the trunks.',
				},
				{
					for: 'eachRange',
					requests: [
						{
							step: 'allowRange',
							purpose: 'Allow {{range}}',
							send: 'POST /trunks/<id of the trunk>/addresses',
							body: { ip: '{{address}}', prefix: '{{length}}' },
						},
					],
				},
			],
		},
	};

	beforeAll(() => Object.assign(table, { realtime: REALTIME, plain: PLAIN }));
	afterAll(() => {
		delete table.realtime;
		delete table.plain;
	});

	it('its address has the project as user, and the host of the region', () => {
		const wish = { platform: 'realtime', direction: 'inbound', phoneNumbers: AMERICAN };
		const plan = planPlatform({ ...wish, projectId: ' proj_1 ' });
		expect(plan).toMatchObject({
			inboundUri: 'sip:proj_1@sip.realtime.example;transport=tls',
			outboundAuthentication: 'none',
			warnings: [],
		});
		expect(planPlatform({ ...wish, projectId: 'proj_1', region: 'india' })).toMatchObject({
			inboundUri: 'sip:proj_1@sip-in.realtime.example;transport=tls',
			warnings: [],
		});
		expect(plan.nextSteps({}).at(-1)).toBe(
			'Try a call to +14155550100; details are in Realtime’s page at example.com/guide (checked 2026-11).',
		);
		expect(refusal(wish)).toBe("'Project ID' is empty");
		expect(refusal({ ...wish, projectId: 'acme' })).toContain("'Project ID' is acme, which is not");
		expect(refusal({ ...wish, projectId: 'proj_1', direction: 'both' })).toContain("'Direction'");
	});

	it('its requests are templates: whole URLs, one a range, lists of numbers', () => {
		const plan = planPlatform({ platform: 'plain', phoneNumbers: AMERICAN });
		expect(plan).toMatchObject({
			inboundUri: 'trunk.plain.example:5060;transport=udp',
			ipAddresses: ['192.0.2.4/32'],
		});
		const requests = plan.requests('Acme', { trunkDomain: '77.zt.plivo.com' });
		expect(requests.map(({ method, url }) => `${method} ${url}`).slice(0, 3)).toEqual([
			'GET https://pop.plain.example/pop',
			'POST https://api.plain.example/trunks',
			'POST https://api.plain.example/trunks/<id of the trunk>/addresses',
		]);
		expect(requests.map(({ body }) => body).slice(1, 3)).toEqual([
			{
				gateway: '77.zt.plivo.com',
				transport: 'udp',
				numbers: [{ e164: '+14155550100', key: '14155550100' }],
			},
			{ ip: '13.52.9.0', prefix: 25 },
		]);
		expect(requests).toHaveLength(2 + 14);
	});

	it('that can’t encrypt its calls refuses Secure', () => {
		const wish = { platform: 'plain', secure: true };
		expect(refusal(wish)).toBe("'Secure' is on, but Plain makes calls without encryption only");
		expect(planPlatform({ ...wish, direction: 'inbound' }).inboundUri).toContain('transport=udp');
	});
});

describe('every plan that is made', () => {
	it('has a URI that Plivo can use, and warnings that are sentences', () => {
		const request = fc.record({
			platform: fc.constantFrom('livekit', 'elevenlabs', 'retell', 'vapi', 'xai', 'custom'),
			platformHost: fc.constantFrom(
				'',
				'abc.sip.livekit.cloud',
				'abc.india.sip.livekit.cloud',
				'pbx.example.com:5080',
				'sip:x@pbx.example.com',
			),
			transport: fc.constantFrom('', 'udp', 'tcp', 'tls'),
			region: fc.constantFrom('', 'worldwide', 'us', 'eu', 'india'),
			direction: fc.constantFrom('', 'both', 'inbound', 'outbound'),
			secure: fc.constantFrom(undefined, true, false),
			phoneNumbers: fc.constantFrom([], INDIAN, AMERICAN),
		});
		fc.assert(
			fc.property(request, (given) => {
				let plan;
				try {
					plan = planPlatform(given);
				} catch (error) {
					expect(error).toBeInstanceOf(PlivoFailure);
					return;
				}
				expect(plan.inboundUri === undefined).toBe(given.direction === 'outbound');
				if (plan.inboundUri) {
					expect(parseSipAddress(plan.inboundUri)).toMatchObject({ transport: expect.any(String) });
				}
				expect(plan.ipAddresses !== undefined).toBe(plan.outboundAuthentication === 'ipAcl');
				for (const text of [...plan.warnings, ...plan.nextSteps({})])
					expect(text).toMatch(/^'?[A-Z].*\.$/);
			}),
			{ numRuns: runs(1000) },
		);
	});
});
