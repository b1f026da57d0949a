export { deprovision } from './deprovision';
export { provisionInbound } from './inbound';
export { provisionOutbound } from './outbound';
export { connectPlatform } from './platform';
export { checkReadiness } from './readiness';
