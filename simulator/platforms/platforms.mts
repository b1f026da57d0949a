import type { ApiAnswer } from '../api.mts';
import { failWith, type Outcome } from '../failures.mts';
import { createFaults, type Faults } from '../faults.mts';
import { createElevenLabs, type ElevenLabs } from './elevenlabs.mts';
import { createLiveKit, type LiveKit, type LiveKitKey } from './livekit.mts';
import { createRetell, type Retell } from './retell.mts';
import {
	defaultPlatformVariants,
	PLATFORM_VARIANTS,
	type PlatformCall,
	type PlatformVariants,
	type StandIn,
	type World,
} from './standIn.mts';
import { createVapi, type Vapi } from './vapi.mts';
import { createXai, type Xai } from './xai.mts';

/** The keys that the stand-ins ask for. */
export const PLATFORM_KEYS = {
	elevenlabs: 'simulator-elevenlabs-key',
	retell: 'simulator-retell-key',
	vapi: 'simulator-vapi-key',
	xai: 'simulator-xai-key',
	livekit: { apiKey: 'APIsimulator', apiSecret: 'simulator-livekit-secret-of-32-characters' },
} as const satisfies Record<string, string | LiveKitKey>;

export type PlatformName = keyof typeof PLATFORM_KEYS;

/** Local stand-ins of the voice platforms' APIs. */
export interface Platforms {
	readonly elevenlabs: ElevenLabs;
	readonly retell: Retell;
	readonly vapi: Vapi;
	readonly livekit: LiveKit;
	readonly xai: Xai;
	/** What their pages leave open; may be changed while they run. */
	readonly variants: PlatformVariants;
	/** By paths that begin with the platform's name: `/retell/import-phone-number`. */
	readonly faults: Faults;
	/** @returns undefined for a platform that has no stand-in */
	receive(platform: string, call: PlatformCall): Outcome | undefined;
	/** All that they have, passwords included, as JSON. */
	all(): Record<PlatformName, Record<string, unknown>>;
	/** @throws when there is no such variant or choice */
	setVariants(given: Record<string, unknown>): void;
	/** Forgets everything, faults and variants included. */
	reset(): void;
}

/** @param now milliseconds since 1970 */
export function createPlatforms(now: () => number = Date.now): Platforms {
	let ids = 0;
	const world: World = {
		variants: defaultPlatformVariants(),
		// As long and as random to look at as a UUID.
		id: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
		now,
	};
	const standIns = {
		elevenlabs: createElevenLabs(world, PLATFORM_KEYS.elevenlabs),
		retell: createRetell(world, PLATFORM_KEYS.retell),
		vapi: createVapi(world, PLATFORM_KEYS.vapi),
		livekit: createLiveKit(world, PLATFORM_KEYS.livekit),
		xai: createXai(world, PLATFORM_KEYS.xai),
	};
	const byName = new Map<string, StandIn>(Object.entries(standIns));
	const faults = createFaults();
	return {
		...standIns,
		variants: world.variants,
		faults,
		receive(platform, call) {
			const standIn = byName.get(platform);
			if (!standIn) return undefined;
			// Lists and objects alike become JSON.
			const work = () => standIn.handle(call) as ApiAnswer;
			const fault = faults.pick(call.method, `/${platform}${call.path}`);
			if (!fault) return { kind: 'answer', answer: work() };
			return failWith(fault, {
				work,
				workLater: (ms = 0) => void setTimeout(work, ms),
				loseNumber: () => undefined,
				retryAfter: (value) =>
					value === undefined ? ({} as Record<string, string>) : { 'Retry-After': String(value) },
			});
		},
		all: () =>
			Object.fromEntries([...byName].map(([name, one]) => [name, one.all()])) as ReturnType<
				Platforms['all']
			>,
		setVariants(given) {
			for (const [name, value] of Object.entries(given)) {
				const choices = PLATFORM_VARIANTS[name as keyof PlatformVariants] as readonly unknown[];
				if (!choices?.includes(value))
					throw new Error(`${name}: "${String(value)}" is none of the platforms’ variants`);
				Object.assign(world.variants, { [name]: value });
			}
		},
		reset() {
			for (const standIn of byName.values()) standIn.reset();
			faults.clear();
			Object.assign(world.variants, defaultPlatformVariants());
		},
	};
}
