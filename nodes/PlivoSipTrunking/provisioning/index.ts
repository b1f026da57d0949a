export { connectPlatform } from './platform';
export { deprovision } from './deprovision';
export { provisionInbound } from './inbound';
export { provisionOutbound } from './outbound';
export { checkReadiness } from './readiness';
