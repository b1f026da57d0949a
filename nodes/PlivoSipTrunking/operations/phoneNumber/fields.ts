import type { Field } from '../fields';

/** For options of what routes numbers to a trunk. */
export const allowDisabledTrunk: Field = {
	displayName: 'Allow Disabled Trunk',
	name: 'allowDisabledTrunk',
	type: 'boolean',
	default: false,
	description:
		'Whether to route a number to a trunk that is disabled. It will not answer until the trunk is enabled.',
};

/** For options of what routes numbers to a trunk. */
export const skipComplianceCheck: Field = {
	displayName: 'Skip Compliance Check',
	name: 'skipComplianceCheck',
	type: 'boolean',
	default: false,
	description:
		'Whether to route an Indian number without checking that Plivo has accepted its compliance application',
};
