import Ajv from 'ajv';

import fc from '../support/fastCheck.mts';

import { PlivoFailure } from '../../nodes/PlivoSipTrunking/failure.ts';
import {
	PLATFORMS,
	type PlatformApiRequest,
} from '../../nodes/PlivoSipTrunking/knowledge/platforms/index.ts';
import { PLIVO_ADDRESSES } from '../../nodes/PlivoSipTrunking/knowledge/plivoAddresses.ts';
import {
	planPlatform,
	type PlatformRequest,
	type PlatformValues,
} from '../../nodes/PlivoSipTrunking/provisioning/platformPlan.ts';
import { there } from '../support/elements.mts';
import { BODY_SCHEMAS } from '../support/platformSchemas.mts';

const HOST = 'abc123.sip.livekit.cloud';
const WISHES: Record<string, PlatformRequest> = {
	elevenlabs: { platform: 'elevenlabs' },
	retell: { platform: 'retell' },
	vapi: { platform: 'vapi' },
	livekit: { platform: 'livekit', platformHost: HOST },
	xai: { platform: 'xai', direction: 'inbound' },
};
const KEYS = Object.keys(WISHES);
const wishFor = (key: string) => there(WISHES[key], `a request for ${key}`);
const NUMBERS = [{ number: '14155550100' }, { number: '+1 415 555 0101' }];
const VALUES = { trunkDomain: '77.zt.plivo.com', username: 'acme01', password: "Ab$&1$'x_" };

const requestsOf = (
	key: string,
	wish: Partial<PlatformRequest> = {},
	values: PlatformValues = VALUES,
): PlatformApiRequest[] =>
	planPlatform({ phoneNumbers: NUMBERS, ...wishFor(key), ...wish }).requests('Acme Dental', values);

const stepOf = (requests: PlatformApiRequest[], step: string) => {
	const request = requests.find((one) => one.step === step);
	if (!request) throw new Error(`There is no step ${step}`);
	return request as Omit<PlatformApiRequest, 'body'> & { body: Record<string, never> };
};

interface Wish extends Partial<PlatformRequest> {
	key: string;
	password?: string;
}

const ajv = new Ajv({ strict: false, allErrors: true });

/** What the platform's page says against a body. */
function problemsOf({ platform, step, body }: PlatformApiRequest): string[] {
	if (body === null) return [];
	const found = BODY_SCHEMAS[platform]?.[step];
	if (!found) return [`There is no schema of ${platform} ${step}`];
	const validate = ajv.compile(found.schema);
	// A number that nobody gave is still to be filled in.
	validate(
		JSON.parse(JSON.stringify(body).replaceAll('<phone number with plus sign>', '+14155550100')),
	);
	return (validate.errors ?? []).map(
		({ instancePath, message }) => `${platform} ${step} ${instancePath} ${message}`,
	);
}

describe('every request', () => {
	const wish = fc.record({
		key: fc.constantFrom(...KEYS),
		direction: fc.constantFrom('both', 'inbound', 'outbound'),
		secure: fc.constantFrom(undefined, true, false),
		transport: fc.constantFrom('', 'udp', 'tcp', 'tls'),
		region: fc.constantFrom('worldwide', 'us', 'eu', 'india'),
		phoneNumbers: fc.constantFrom(NUMBERS, NUMBERS.slice(1), [{ number: '918031234567' }]),
		password: fc.constantFrom(undefined, VALUES.password),
	});
	/** None where the wish can't be. */
	function possible({ key, password, ...rest }: Wish): PlatformApiRequest[] {
		const wish = rest.direction === 'outbound' ? { ...rest, phoneNumbers: [] } : rest;
		const fixed = key === 'xai' ? { ...wish, direction: 'inbound' } : wish;
		try {
			return requestsOf(key, fixed, { ...VALUES, password });
		} catch (error) {
			expect(error).toBeInstanceOf(PlivoFailure);
			return [];
		}
	}

	it('has a body as the platform’s own page says', () => {
		let seen = 0;
		fc.assert(
			fc.property(wish, (given) => {
				const requests = possible(given);
				seen += requests.length;
				expect(requests.flatMap(problemsOf)).toEqual([]);
			}),
			{ numRuns: 2_000 },
		);
		expect(seen).toBeGreaterThan(5_000);
	});

	it('names what is to be filled in, and nothing else is', () => {
		fc.assert(
			fc.property(wish, (given) => {
				for (const { url, body, placeholders, purpose, page, checked } of possible(given)) {
					const left = JSON.stringify([url, body]).match(/<[^>]*>/g) ?? [];
					expect(placeholders.map(({ placeholder }) => placeholder).sort()).toEqual(
						[...new Set(left)].sort(),
					);
					for (const { meaning } of placeholders) expect(meaning).toMatch(/^[A-Z]/);
					expect(purpose).toMatch(/^[A-Z].*[^.]$/);
					expect(page).toMatch(/^[\w.-]+\.\w+\//);
					expect(checked).toMatch(/^\d{4}-\d\d-\d\d$/);
				}
			}),
		);
	});

	it('is a schema’s, and each schema is some request’s', () => {
		const steps = KEYS.flatMap((key) =>
			requestsOf(key)
				.filter(({ body }) => body)
				.map(({ step }) => `${key} ${step}`),
		);
		const schemas = Object.entries(BODY_SCHEMAS).flatMap(([key, byStep]) =>
			Object.keys(byStep).map((step) => `${key} ${step}`),
		);
		expect([...new Set(steps)].sort()).toEqual(schemas.sort());
	});

	it('of a platform’s list comes before what makes something', () => {
		for (const key of KEYS) {
			const methods = requestsOf(key).map(({ step }) => step);
			const first = methods.findIndex((step) => /^create/.test(step));
			expect(methods.slice(0, first).some((step) => /^(list|get)/.test(step))).toBe(true);
		}
	});

	it('that makes something says what to do instead of a second one', () => {
		for (const key of KEYS)
			for (const request of requestsOf(key)) {
				expect(request.may_be_repeated).toBe(!request.step.startsWith('create'));
				expect(request.instead !== undefined).toBe(!request.may_be_repeated);
			}
	});
});

describe('what is known is filled in', () => {
	it.each([
		['elevenlabs', ['createNumber', 'updateNumber']],
		['retell', ['getNumber', 'createNumber', 'updateNumber']],
		['vapi', ['listNumbers', 'createNumber', 'updateNumber']],
		['xai', ['createNumber']],
	])('%s: one request a number', (key, steps) => {
		for (const step of steps)
			expect(
				requestsOf(key)
					.filter((one) => one.step === step)
					.map(({ number }) => number),
			).toEqual(['+14155550100', '+14155550101']);
	});

	it('LiveKit: one trunk for all numbers', () => {
		const { body } = stepOf(requestsOf('livekit'), 'createInboundTrunk');
		expect(body).toEqual({
			trunk: { name: 'Acme Dental', numbers: ['+14155550100', '+14155550101'] },
		});
	});

	it.each(['vapi', 'xai'])('%s: Plivo’s fourteen ranges', (key) => {
		const text = JSON.stringify(requestsOf(key));
		const ranges =
			key === 'xai' ? PLIVO_ADDRESSES : PLIVO_ADDRESSES.map((one) => one.split('/')[0]);
		expect(ranges).toHaveLength(14);
		for (const range of ranges) expect(text).toContain(range);
	});

	it.each([
		['elevenlabs', undefined, ['"transport":"tcp"', '"media_encryption":"disabled"']],
		['elevenlabs', true, ['"transport":"tls"', '"media_encryption":"required"']],
		['retell', undefined, ['"transport":"TCP"']],
		['retell', true, ['"transport":"TLS"']],
		['vapi', undefined, ['"port":5060', '"outboundProtocol":"udp"']],
		['vapi', true, ['"port":5061', '"outboundProtocol":"tls/srtp"']],
		['livekit', undefined, ['SIP_TRANSPORT_TCP', 'SIP_MEDIA_ENCRYPT_DISABLE']],
		['livekit', true, ['SIP_TRANSPORT_TLS', 'SIP_MEDIA_ENCRYPT_REQUIRE']],
	])('%s, secure %s: %j', (key, secure, texts) => {
		const text = JSON.stringify(requestsOf(key, secure === undefined ? {} : { secure }));
		for (const one of texts) expect(text).toContain(one);
	});

	it.each([
		['elevenlabs', 'worldwide', 'https://api.elevenlabs.io/'],
		['elevenlabs', 'india', 'https://api.in.residency.elevenlabs.io/'],
		['vapi', 'worldwide', 'https://api.vapi.ai/'],
		['vapi', 'eu', 'https://api.eu.vapi.ai/'],
	])('%s, region %s: %s', (key, region, base) => {
		for (const { url } of requestsOf(key, { region })) expect(url.startsWith(base)).toBe(true);
	});

	it('LiveKit with Indian numbers: dialing is pinned to India', () => {
		const indian = requestsOf('livekit', {
			platformHost: 'abc.india.sip.livekit.cloud',
			phoneNumbers: [{ number: '918031234567' }],
		});
		expect(stepOf(indian, 'createOutboundTrunk').body.trunk).toMatchObject({
			destination_country: 'in',
		});
		expect(JSON.stringify(requestsOf('livekit'))).not.toContain('destination_country');
	});

	it('only the directions that are wanted', () => {
		const steps = (key: string, direction: string) =>
			JSON.stringify(
				requestsOf(key, { direction, ...(direction === 'outbound' && { phoneNumbers: [] }) }),
			);
		expect(steps('elevenlabs', 'inbound')).not.toContain('outbound_trunk_config');
		expect(steps('elevenlabs', 'outbound')).not.toMatch(/inbound_trunk_config|agent_id/);
		expect(steps('retell', 'inbound')).not.toContain('outbound_agents');
		expect(steps('retell', 'outbound')).not.toContain('inbound_agents');
		expect(steps('vapi', 'inbound')).not.toContain('zt.plivo.com');
		expect(steps('vapi', 'outbound')).not.toContain('"inboundEnabled":true');
		expect(steps('livekit', 'inbound')).not.toContain('OutboundTrunk');
		expect(steps('livekit', 'outbound')).not.toContain('InboundTrunk');
	});

	it('a PBX has none', () => {
		const plan = planPlatform({
			platform: 'custom',
			platformHost: 'pbx.example',
			transport: 'udp',
		});
		expect(plan.requests('Acme', VALUES)).toEqual([]);
	});
});

describe('a password', () => {
	it.each(['elevenlabs', 'retell', 'livekit'])(
		'%s: as it is, in every request that sets one',
		(key) => {
			const found = requestsOf(key).filter(({ body }) => JSON.stringify(body).includes('username'));
			expect(found.length).toBeGreaterThan(1);
			for (const { body } of found)
				expect(JSON.stringify(body)).toContain(JSON.stringify(VALUES.password));
		},
	);

	it.each(['elevenlabs', 'retell', 'livekit'])(
		'%s: unknown, it is a placeholder to create, and left out to change',
		(key) => {
			const requests = requestsOf(key, {}, { trunkDomain: '77.zt.plivo.com', username: 'acme01' });
			const logins = requests
				.map(({ step, body }) => ({ step, text: JSON.stringify(body) }))
				.filter(({ text }) => text.includes('username'));
			const [create, ...others] = logins.filter(({ step }) => step.startsWith('create'));
			const updates = logins.filter(({ step }) => step.startsWith('update'));
			expect(create?.text).toContain('<password of the credential>');
			for (const other of others) expect(other.text).toContain('<password of the credential>');
			expect(updates).toHaveLength(1 + others.length);
			for (const update of updates) expect(update.text).not.toMatch(/password/);
		},
	);
});

it('names are cut to what the platform takes', () => {
	const plan = planPlatform({ ...wishFor('vapi'), phoneNumbers: NUMBERS });
	const requests = plan.requests('🦷'.repeat(60), VALUES);
	expect([...String(stepOf(requests, 'createCredential').body.name)]).toHaveLength(40);
	expect(requests.flatMap(problemsOf)).toEqual([]);
});

describe('sources', () => {
	it.each(Object.entries(PLATFORMS))(
		'%s names its pages and their dates',
		(_key, { guide, own, api }) => {
			const sources = [guide, own].filter((source) => source !== undefined);
			expect(sources).not.toEqual([]);
			for (const source of sources) {
				expect(source.page).toMatch(/^[\w.-]+\.\w+\/\S+$/);
				expect(source.checked).toMatch(/^\d{4}-\d\d(-\d\d)?$/);
			}
			if (api) expect([own?.page, ...api.sources]).not.toContain(undefined);
		},
	);

	it.each([
		['both', 'Try a call in each direction'],
		['inbound', 'Try a call to +1'],
		['outbound', 'Try a call from ElevenLabs'],
	])('%s: the last step is “%s”, with both pages', (direction, text) => {
		const plan = planPlatform({
			platform: 'elevenlabs',
			direction,
			phoneNumbers: direction === 'outbound' ? [] : NUMBERS,
		});
		const last = plan.nextSteps(VALUES).at(-1)!;
		expect(last).toContain(text);
		expect(last).toContain('integration-guides/elevenlabs (checked 2026-10)');
		expect(last).toContain(
			'elevenlabs.io/docs/eleven-agents/phone-numbers/sip-trunking (checked 2026-09-24)',
		);
	});

	it('Vapi’s inbound steps speak of no trunk domain', () => {
		const plan = planPlatform({ platform: 'vapi', direction: 'inbound', phoneNumbers: NUMBERS });
		expect(plan.nextSteps({}).join()).not.toMatch(/trunk domain|port 50/);
		expect(plan.nextSteps({}).join()).toContain('<credential id>.sip.vapi.ai');
	});
});
