import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { plivoTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import { PlivoSipTrunking } from '../../nodes/PlivoSipTrunking/PlivoSipTrunking.node.ts';
import type { Simulator } from '../../simulator/simulator.mts';
import { activate, closeAccounts, newAccount, run } from '../support/account.mts';

/**
 * The fields of each operation's output: the nodes behind it in saved workflows use them by name. From the first
 * release on, fields may come, but none may go or be called otherwise. (What goes in: description.test.mts.)
 */

afterEach(closeAccounts);

const NUMBER = '14155550123';
const INBOUND = '21784177241578001';
const OUTBOUND = '21784177241578002';
const URI = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0';
const CREDENTIAL = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f2';
const SPARE_CREDENTIAL = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f6';
const IP_LIST = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f3';
const SPARE_IP_LIST = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f7';
const CALL = '8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f4';
const APPLICATION = '16638156474000802';

async function anAccount(): Promise<Simulator> {
	const account = await newAccount();
	account.addCredential({ credential_uuid: CREDENTIAL, name: 'In use', username: 'signed01' });
	account.addCredential({ credential_uuid: SPARE_CREDENTIAL, name: 'Spare', username: 'spare01' });
	account.addIpAcl({
		ipacl_uuid: IP_LIST,
		name: 'Offices',
		ip_addresses: ['192.0.2.1', '192.0.2.2'],
	});
	account.addIpAcl({ ipacl_uuid: SPARE_IP_LIST, name: 'Spare', ip_addresses: ['192.0.2.3'] });
	account.addUri({ uri_uuid: URI, name: 'PBX', uri: 'pbx.example.com;transport=tcp' });
	account.addApplication({ app_id: APPLICATION });
	account.addTrunk({ trunk_id: OUTBOUND, name: 'Out', credential_uuid: CREDENTIAL });
	account.addTrunk({
		trunk_id: INBOUND,
		name: 'In',
		trunk_direction: 'inbound',
		primary_uri_uuid: URI,
	});
	account.addNumber({ number: NUMBER, alias: 'Front desk', application: null });
	account.addCall({ call_uuid: CALL, call_direction: 'outbound', hangup_cause_code: 4350 });
	return account;
}

const TRUNK =
	'trunk_id trunk_domain name trunk_status trunk_direction secure ipacl_uuid credential_uuid primary_uri_uuid fallback_uri_uuid created_at updated_at';

/** `resource operation`, what it is run with, and the fields of its output. */
const OUTPUTS: Array<[operation: string, parameters: INodeParameters, fields: string]> = [
	['account get', {}, 'name account_type billing_mode cash_credits auto_recharge timezone'],
	['trunk create', { name: 'A', trunkDirection: 'inbound', primaryUriId: URI }, TRUNK],
	[
		'trunk upsert',
		{ name: 'A', trunkDirection: 'inbound', primaryUriId: URI },
		`${TRUNK} created changed`,
	],
	['trunk get', { trunkId: INBOUND, simplify: false }, TRUNK],
	[
		'trunk get',
		{ trunkId: INBOUND },
		'trunk_id trunk_domain name trunk_status trunk_direction secure ipacl_uuid credential_uuid primary_uri_uuid fallback_uri_uuid',
	],
	['trunk getAll', { limit: 1, simplify: false }, TRUNK],
	['trunk update', { trunkId: INBOUND, updateFields: { name: 'B' } }, TRUNK],
	['trunk delete', { trunkId: INBOUND }, 'deleted trunk_id'],
	['trunk attachCredential', { trunkId: OUTBOUND, credentialId: SPARE_CREDENTIAL }, TRUNK],
	['trunk attachIpAcl', { trunkId: OUTBOUND, ipAclId: IP_LIST }, TRUNK],
	[
		'trunk attachOriginationUri',
		{ trunkId: INBOUND, originationUriId: URI, role: 'primary' },
		TRUNK,
	],
	['trunk enable', { trunkId: INBOUND }, TRUNK],
	['trunk disable', { trunkId: INBOUND }, TRUNK],
	[
		'originationUri create',
		{ name: 'A', uri: 'a.example.com;transport=tcp' },
		'uri_uuid authentication_needed name uri',
	],
	[
		'originationUri upsert',
		{ name: 'A', uri: 'a.example.com;transport=tcp' },
		'uri_uuid name uri authentication_needed username created changed',
	],
	[
		'originationUri get',
		{ originationUriId: URI },
		'uri_uuid name uri authentication_needed username',
	],
	['originationUri getAll', { limit: 1 }, 'uri_uuid name uri authentication_needed username'],
	[
		'originationUri update',
		{ originationUriId: URI, updateFields: { name: 'B' } },
		'uri_uuid name uri authentication_needed username',
	],
	[
		'originationUri delete',
		{ originationUriId: URI, options: { force: true } },
		'deleted uri_uuid warnings',
	],
	[
		'credential create',
		{ name: 'A', username: 'acmepbx', password: 'Given_123' },
		'credential_uuid name username',
	],
	[
		'credential upsert',
		{ name: 'A', username: 'acmepbx', password: 'Given_123' },
		'credential_uuid name username created changed',
	],
	['credential get', { credentialId: CREDENTIAL }, 'credential_uuid name username'],
	['credential getAll', { limit: 1 }, 'credential_uuid name username'],
	[
		'credential update',
		{ credentialId: CREDENTIAL, password: 'Given_123' },
		'credential_uuid name username',
	],
	[
		'credential rotatePassword',
		{ credentialId: CREDENTIAL },
		'credential_uuid name username password',
	],
	['credential delete', { credentialId: SPARE_CREDENTIAL }, 'deleted credential_uuid'],
	[
		'ipAccessControlList create',
		{ name: 'A', ipAddresses: '198.18.0.1' },
		'ipacl_uuid name ip_addresses',
	],
	[
		'ipAccessControlList upsert',
		{ name: 'A', ipAddresses: '198.18.0.1' },
		'ipacl_uuid name ip_addresses created changed',
	],
	['ipAccessControlList get', { ipAclId: IP_LIST }, 'ipacl_uuid name ip_addresses'],
	['ipAccessControlList getAll', { limit: 1 }, 'ipacl_uuid name ip_addresses'],
	[
		'ipAccessControlList update',
		{ ipAclId: IP_LIST, updateFields: { name: 'B' } },
		'ipacl_uuid name ip_addresses',
	],
	[
		'ipAccessControlList addAddresses',
		{ ipAclId: IP_LIST, ipAddresses: '198.18.0.1' },
		'ipacl_uuid name ip_addresses',
	],
	[
		'ipAccessControlList removeAddresses',
		{ ipAclId: IP_LIST, ipAddresses: '192.0.2.1' },
		'ipacl_uuid name ip_addresses',
	],
	['ipAccessControlList delete', { ipAclId: SPARE_IP_LIST }, 'deleted ipacl_uuid'],
	[
		'phoneNumber get',
		{ phoneNumber: NUMBER },
		'number alias application number_type country region voice_enabled sms_enabled monthly_rental_rate renewal_date',
	],
	[
		'phoneNumber get',
		{ phoneNumber: NUMBER, simplify: false },
		'number alias application carrier country region number_type sub_account added_on voice_enabled sms_enabled mms_enabled monthly_rental_rate renewal_date voice_rate sms_rate cnam cnam_lookup compliance_application_id compliance_status',
	],
	[
		'phoneNumber getAll',
		{ limit: 1 },
		'number alias application number_type country region voice_enabled sms_enabled monthly_rental_rate renewal_date',
	],
	[
		'phoneNumber routeToTrunk',
		{ phoneNumber: NUMBER, trunkId: INBOUND },
		'number alias application number_type country region voice_enabled sms_enabled monthly_rental_rate renewal_date previous_application',
	],
	[
		'phoneNumber routeToApplication',
		{ phoneNumber: NUMBER, applicationId: APPLICATION },
		'number alias application number_type country region voice_enabled sms_enabled monthly_rental_rate renewal_date previous_application',
	],
	[
		'phoneNumber unroute',
		{ phoneNumber: NUMBER },
		'number alias application number_type country region voice_enabled sms_enabled monthly_rental_rate renewal_date previous_application unrouted',
	],
	[
		'phoneNumber update',
		{ phoneNumber: NUMBER, updateFields: { alias: 'B' } },
		'number alias application carrier country region number_type sub_account added_on voice_enabled sms_enabled mms_enabled monthly_rental_rate renewal_date voice_rate sms_rate cnam cnam_lookup compliance_application_id compliance_status',
	],
	[
		'phoneNumber searchAvailable',
		{ country: 'US', limit: 1 },
		'number type city region country monthly_rental_rate setup_rate restriction restriction_meaning voice_enabled',
	],
	[
		'phoneNumber searchAvailable',
		{ country: 'US', limit: 1, simplify: false },
		'number prefix city country region rate_center lata type sub_type setup_rate monthly_rental_rate voice_enabled voice_rate sms_enabled mms_enabled restriction restriction_text resource_uri restriction_meaning',
	],
	[
		'phoneNumber rent',
		{ country: 'US', maxMonthlyRate: 1, alias: 'A' },
		'monthly_rental_rate number alias application carrier country region number_type sub_account added_on voice_enabled sms_enabled mms_enabled renewal_date voice_rate sms_rate cnam cnam_lookup compliance_application_id compliance_status rented pending setup_rate first_charge restriction restriction_meaning',
	],
	['phoneNumber release', { phoneNumber: NUMBER }, 'released number'],
	[
		'call get',
		{ callId: CALL },
		'call_uuid from_number to_number call_direction call_duration bill_duration end_time hangup_cause_code hangup_cause_name total_amount trunk_domain hangup_meaning hangup_owner hangup_is_fault hangup_retryable hangup_fix',
	],
	[
		'call get',
		{ callId: CALL, simplify: false },
		'call_uuid call_id from_number to_number call_direction call_duration bill_duration billed_duration initiation_time answer_time end_time hangup_cause_name hangup_cause_code hangup_source total_rate total_amount trunk_domain from_country to_country transport_protocol srtp secure_trunking secure_trunking_rate cnam_lookup cnam_lookup_rate stir_verification attestation_indicator hangup_meaning hangup_owner hangup_is_fault hangup_retryable hangup_fix',
	],
	[
		'call getInsights',
		{ callId: CALL, simplify: false },
		'call_uuid rtt jitter packet_loss post_dial_delay plivo_quality_score from from.carrier from.number from.region to to.carrier to.number to.region quality',
	],
	[
		'call getAll',
		{ limit: 1 },
		'call_uuid from_number to_number call_direction call_duration bill_duration end_time hangup_cause_code hangup_cause_name total_amount trunk_domain hangup_meaning hangup_owner hangup_is_fault hangup_retryable hangup_fix',
	],
	[
		'call summarize',
		{},
		'calls answered answered_rate faults fault_rate talk_minutes mean_talk_seconds billed_minutes cost',
	],
	[
		'call summarize',
		{ groupBy: 'trunk' },
		'trunk_name trunk_domain calls answered answered_rate faults fault_rate talk_minutes mean_talk_seconds billed_minutes cost',
	],
	[
		'call summarize',
		{ groupBy: 'hangupCauseCode' },
		'hangup_cause_code hangup_cause_name meaning calls answered answered_rate faults fault_rate talk_minutes mean_talk_seconds billed_minutes cost',
	],
	[
		'call summarize',
		{ groupBy: 'country' },
		'country calls answered answered_rate faults fault_rate talk_minutes mean_talk_seconds billed_minutes cost',
	],
	[
		'call summarize',
		{ groupBy: 'day' },
		'day calls answered answered_rate faults fault_rate talk_minutes mean_talk_seconds billed_minutes cost',
	],
	[
		'provisioning provisionOutbound',
		{ name: 'A' },
		'trunk_domain username password warnings trunk_id name trunk_status trunk_direction secure ipacl_uuid credential_uuid primary_uri_uuid fallback_uri_uuid created_at updated_at what_was_done what_was_done.action what_was_done.kind what_was_done.id what_was_done.name',
	],
	[
		'provisioning provisionInbound',
		{ name: 'A', primaryUri: 'a.example.com;transport=tcp', phoneNumbers: NUMBER },
		`${TRUNK} numbers numbers.number numbers.previous_application warnings what_was_done what_was_done.action what_was_done.kind what_was_done.id what_was_done.name`,
	],
	[
		'provisioning connectPlatform',
		{
			platform: 'elevenlabs',
			name: 'A',
			phoneNumbers: NUMBER,
			options: { platformRequests: true },
		},
		'trunk_domain username password next_steps warnings platform_requests platform_requests.platform platform_requests.step platform_requests.purpose platform_requests.method platform_requests.url platform_requests.authentication platform_requests.body platform_requests.may_be_repeated platform_requests.placeholders platform_requests.page platform_requests.checked name inbound_trunk inbound_trunk.trunk_id inbound_trunk.trunk_domain inbound_trunk.trunk_status outbound_trunk outbound_trunk.trunk_id outbound_trunk.trunk_domain outbound_trunk.trunk_status numbers numbers.number numbers.previous_application what_was_done what_was_done.action what_was_done.kind what_was_done.id what_was_done.name',
	],
	[
		'provisioning connectPlatform',
		{
			platform: 'custom',
			name: 'A',
			platformHost: 'a.example.com',
			transport: 'tcp',
			options: { pbxType: 'asterisk' },
		},
		'trunk_domain username password next_steps warnings pbx_configuration pbx_configuration.title pbx_configuration.file pbx_configuration.content name inbound_trunk inbound_trunk.trunk_id inbound_trunk.trunk_domain inbound_trunk.trunk_status outbound_trunk outbound_trunk.trunk_id outbound_trunk.trunk_domain outbound_trunk.trunk_status numbers what_was_done what_was_done.action what_was_done.kind what_was_done.id what_was_done.name',
	],
	[
		'provisioning connectPlatform',
		{ platform: 'elevenlabs', name: 'A', options: { planOnly: true } },
		'planned up_to_date what_would_be_done what_would_be_done.action what_would_be_done.kind what_would_be_done.name what_would_be_done.summary what_would_be_done.after what_would_be_done.can_be_undone cannot_be_undone costs plan_digest warnings',
	],
	[
		'provisioning deprovision',
		{ trunkId: INBOUND },
		'deleted trunk_id name numbers kept what_was_done what_was_done.action what_was_done.kind what_was_done.id what_was_done.name what_was_done.trunk_direction warnings',
	],
	[
		'provisioning deprovision',
		{ trunkId: INBOUND, options: { planOnly: true } },
		'planned up_to_date what_would_be_done what_would_be_done.action what_would_be_done.kind what_would_be_done.id what_would_be_done.name what_would_be_done.trunk_direction what_would_be_done.summary what_would_be_done.can_be_undone what_would_be_done.why_not cannot_be_undone costs plan_digest warnings trunk_id kept',
	],
	[
		'provisioning checkReadiness',
		{ phoneNumber: NUMBER, trunkId: INBOUND },
		'ready phone_number trunk_id checks checks.name checks.status checks.detail checks.fix',
	],
];

/** The names of all fields, those of nested records behind a dot. */
const namesIn = (record: IDataObject): string[] =>
	Object.entries(record).flatMap(([name, value]) => {
		const [inner] = Array.isArray(value) ? (value as unknown[]) : [value];
		const isRecord = typeof inner === 'object' && inner !== null;
		return [name, ...(isRecord ? Object.keys(inner).map((one) => `${name}.${one}`) : [])];
	});

it.each(OUTPUTS)('%s %j', async (name, parameters, fields) => {
	const account = await anAccount();
	const [resource = '', operation = ''] = name.split(' ');
	const { json, error } = await run(account, resource, operation, parameters);
	expect(error?.message).toBeUndefined();
	const known = new Set(namesIn(json[0] ?? {}));
	expect(fields.split(' ').filter((field) => !known.has(field))).toEqual([]);
});

it('each operation is in the table', () => {
	const { properties } = new PlivoSipTrunking().description;
	const offered = properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			(options as INodePropertyOptions[]).map(
				({ value }) => `${String(displayOptions?.show?.resource?.[0])} ${String(value)}`,
			),
		);
	expect([...new Set(OUTPUTS.map(([operation]) => operation))].sort()).toEqual(offered.sort());
});

it('what was done, and would be done, has these actions', async () => {
	const account = await anAccount();
	const actions = async (operation: string, parameters: INodeParameters) => {
		const { json } = await run(account, 'provisioning', operation, parameters);
		const { what_was_done: done, what_would_be_done: planned } = json[0] ?? {};
		return ((done ?? planned) as IDataObject[]).map(({ action }) => String(action));
	};
	const inbound = { name: 'A', primaryUri: 'a.example.com;transport=tcp', phoneNumbers: NUMBER };
	const moved = {
		...inbound,
		primaryUri: 'b.example.com;transport=tcp',
		options: { moveRoutedNumbers: true },
	};
	const seen = [
		...(await actions('provisionInbound', { ...inbound, options: { planOnly: true } })),
		...(await actions('provisionInbound', inbound)),
		...(await actions('provisionInbound', moved)),
	];
	account.variants.clear = 'clears';
	const [trunk] = [...account.state.trunks.values()].filter(({ name }) => name === 'A inbound');
	const trunkId = String(trunk?.trunk_id);
	const force = { trunkId, options: { force: true } };
	seen.push(...(await actions('deprovision', force)));
	expect([...new Set(seen)].sort()).toEqual(
		['changed', 'created', 'deleted', 'reused', 'routed', 'unrouted'].sort(),
	);
});

it('an item of a run that goes on after an error', async () => {
	const account = await anAccount();
	const { json } = await run(account, 'trunk', 'get', { trunkId: '1' }, { continueOnFail: true });
	expect(Object.keys(json[0] ?? {}).sort()).toEqual(['description', 'error', 'fix', 'http_code']);
});

it('the trigger, of calls and of trunks', async () => {
	const account = await anAccount();
	const emitted = async (event: string, change: () => void) => {
		const node = await activate(account, event);
		change();
		await node.poll();
		return namesIn(node.emitted[0] ?? {});
	};
	const call = () =>
		void account.addCall({ end_time: plivoTime(Date.now()), hangup_cause_code: 4350 });
	const told =
		'call_uuid from_number to_number call_direction call_duration bill_duration end_time hangup_cause_code hangup_meaning hangup_owner hangup_is_fault hangup_retryable hangup_fix';
	for (const event of ['callEnded', 'callFailed']) {
		expect(await emitted(event, call)).toEqual(expect.arrayContaining(told.split(' ')));
	}
	const trunk = account.state.trunks.get(OUTBOUND);
	const changed = await emitted('trunkChanged', () => Object.assign(trunk ?? {}, { name: 'New' }));
	expect(changed).toEqual(
		expect.arrayContaining(['change', 'trunk_id', 'name', 'changed_fields', 'before', 'after']),
	);
});
