import { resource } from '../operation';
import { checkReadiness } from './checkReadiness';
import { connectPlatform } from './connectPlatform';
import { deprovision } from './deprovision';
import { provisionInbound } from './provisionInbound';
import { provisionOutbound } from './provisionOutbound';

export const provisioning = resource(
	{ name: 'Provisioning', value: 'provisioning' },
	connectPlatform,
	[checkReadiness, connectPlatform, deprovision, provisionInbound, provisionOutbound],
);
