import { custom } from './custom';
import { elevenlabs } from './elevenlabs';
import { livekit } from './livekit';
import type { Platform } from './platform';
import { retell } from './retell';
import { vapi } from './vapi';
import { xai } from './xai';

export type {
	Direction,
	OutboundAuthentication,
	Platform,
	PlatformFacts,
	Region,
	Source,
	Transport,
} from './platform';
export { PASSWORD, PHONE_NUMBER } from './platform';
export { platformRequests, type PlatformApiRequest, TRUNK_DOMAIN, USERNAME } from './requests';

/**
 * Hosts, transports and authentication as in Plivo's guides, for India
 * plivo.com/docs/voice-agents/sip-trunking/deploy/calling-in-india (checked 2026-10).
 */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
	livekit,
	elevenlabs,
	retell,
	vapi,
	xai,
	custom,
};
