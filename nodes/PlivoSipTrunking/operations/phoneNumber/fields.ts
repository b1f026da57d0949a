import { PHONE_NUMBER } from '../../records/phoneNumber';
import { type Field, viewFields } from '../fields';

/** How much of a number's record is returned. */
export const numberFields = viewFields([
	...(PHONE_NUMBER.mainFields ?? []),
	'added_on',
	'carrier',
	'cnam',
	'cnam_lookup',
	'compliance_application_id',
	'compliance_status',
	'mms_enabled',
	'sms_rate',
	'sub_account',
	'voice_rate',
]);

/** What routing adds to a number's record: returned in any case. */
export const ROUTE_FIELDS = ['previous_application', 'unrouted', 'warnings'];

/** For options of what routes numbers to a trunk. */
export const allowDisabledTrunk: Field = {
	displayName: 'Allow Disabled Trunk',
	name: 'allowDisabledTrunk',
	type: 'boolean',
	default: false,
	description:
		'Whether to route numbers to a trunk that is disabled. They do not answer until the trunk is enabled.',
};

/** For options of what routes numbers to a trunk. */
export const skipComplianceCheck: Field = {
	displayName: 'Skip Compliance Check',
	name: 'skipComplianceCheck',
	type: 'boolean',
	default: false,
	description:
		'Whether to route Indian numbers without checking that Plivo has accepted their compliance applications',
};
