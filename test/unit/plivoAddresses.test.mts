import { addressProblem } from '../../nodes/PlivoSipTrunking/input/ipAddress.ts';
import { PLIVO_ADDRESSES } from '../../nodes/PlivoSipTrunking/knowledge/plivoAddresses.ts';
import {
	planPlatform,
	type PlatformRequest,
} from '../../nodes/PlivoSipTrunking/provisioning/platformPlan.ts';
import { first } from '../support/elements.mts';

const NUMBERS = [{ number: '14155550100' }];

const steps = (request: PlatformRequest) =>
	planPlatform({ phoneNumbers: NUMBERS, ...request }).nextSteps({ trunkDomain: '77.zt.plivo.com' });

it('are fourteen ranges of CIDR, none twice, each small enough for a gateway of Vapi’s', () => {
	expect(new Set(PLIVO_ADDRESSES).size).toBe(14);
	for (const range of PLIVO_ADDRESSES) {
		expect(addressProblem(range)).toBeUndefined();
		const bits = Number(range.split('/')[1]);
		expect(bits).toBeGreaterThanOrEqual(24);
		expect(bits).toBeLessThanOrEqual(32);
	}
});

it.each<[PlatformRequest]>([
	[{ platform: 'vapi' }],
	[{ platform: 'vapi', direction: 'inbound' }],
	[{ platform: 'xai', direction: 'inbound' }],
	[{ platform: 'custom', platformHost: 'pbx.example.com', transport: 'udp' }],
])('all of them are in the steps of %j', (request) => {
	const text = steps(request).join('\n');
	for (const range of PLIVO_ADDRESSES) expect(text).toContain(range);
});

it.each(['livekit', 'elevenlabs', 'retell'])('are not needed by %s', (platform) => {
	const host = platform === 'livekit' ? { platformHost: 'a.sip.livekit.cloud' } : {};
	expect(steps({ platform, ...host }).join()).not.toContain(PLIVO_ADDRESSES[0]);
});

describe('Vapi', () => {
	const stepWith = (text: string, request: PlatformRequest) =>
		steps(request).filter((step) => step.includes(text));

	it('takes the trunk’s domain as a gateway for outbound calls alone', () => {
		const [step, ...others] = stepWith('77.zt.plivo.com', { platform: 'vapi' });
		expect(others).toEqual([]);
		expect(step).toContain('inbound off and outbound on');
		expect(step).toContain('port 5060, protocol UDP');
		expect(stepWith('77.zt.plivo.com', { platform: 'vapi', direction: 'inbound' })).toEqual([]);
	});

	it('takes Plivo’s ranges as gateways for inbound calls alone', () => {
		const [step, ...others] = stepWith(first(PLIVO_ADDRESSES), { platform: 'vapi' });
		expect(others).toEqual([]);
		expect(step).toContain('inbound on and outbound off');
		expect(stepWith(first(PLIVO_ADDRESSES), { platform: 'vapi', direction: 'outbound' })).toEqual(
			[],
		);
	});

	it('needs another port for a secure trunk, which it does not choose by itself', () => {
		const [step] = stepWith('77.zt.plivo.com', { platform: 'vapi', secure: true });
		expect(step).toContain('port 5061, protocol tls/srtp');
	});
});
