import { custom } from './custom';
import { elevenlabs } from './elevenlabs';
import { livekit } from './livekit';
import type { Platform } from './platform';
import { retell } from './retell';
import { vapi } from './vapi';
import { xai } from './xai';

export * from './platform';
export { type PlatformApiRequest, platformRequests } from './requests';

/** By their values of the node's parameter. Hosts, transports and authentication as in Plivo's guides. */
export const PLATFORMS: Readonly<Record<string, Platform>> = {
	livekit,
	elevenlabs,
	retell,
	vapi,
	xai,
	custom,
};

/** What a workflow means in which none was chosen: n8n doesn't save a default, so it stays as it is. */
export const DEFAULT_PLATFORM = 'elevenlabs';
