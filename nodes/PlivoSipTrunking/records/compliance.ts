import type { IDataObject } from 'n8n-workflow';

import { PlivoFailure, asData } from '../failure';
import { objectOf } from '../input/json';
import { isBlank } from '../input/text';
import type { Country } from '../knowledge/countries';
import type { Channel } from '../transport/channel';
import { read } from '../transport/read';
import { type Kind, plainKind } from './kind';
import { listRecords } from './list';
import type { PhoneNumber } from './phoneNumber';

/** What Plivo says of an Indian number's compliance application. */
export type Compliance =
	| { readonly state: 'none' }
	| { readonly state: 'accepted'; readonly id: string }
	| { readonly state: 'open'; readonly id: string; readonly status: string }
	| { readonly state: 'unreadable'; readonly id: string; readonly failure: PlivoFailure };

/** Where an application is made, corrected and linked to a number. */
export const COMPLIANCE_FIX =
	'Open the application under Phone Numbers > Compliance in the Plivo console: complete or correct it, and wait until it is accepted, or link the number to another one.';

export const NO_COMPLIANCE_FIX =
	'Submit one under Phone Numbers > Compliance in the Plivo console, and link the number to it.';

/**
 * +91 is India's alone, so the number shows the country even where Plivo's record doesn't. Nine digits or more must
 * follow: 917 555 0100 is a number of New York without its country code.
 *
 * @param country as Plivo's record has it in `country` or `region`: a code or a name
 */
export const isIndian = (number: string, country = ''): boolean =>
	/^91\d{9,}$/.test(number.replace(/\D/g, '')) || /^in$|\bindia\b/i.test(country.trim());

/** As {@link isIndian}, of a phone number's record. */
export const isIndianNumber = ({ number, country, region }: PhoneNumber): boolean =>
	isIndian(number, country ?? region ?? '');

/**
 * The state of a number's compliance application: `GET PhoneNumber/Compliance/{id}/`, its status at the
 * top or under `compliance` (live; plivo-cli 1.1.3).
 *
 * @param number as Plivo has it
 * @throws PlivoFailure of kind `cancelled` alone
 */
export async function readCompliance(
	channel: Channel,
	number: Pick<PhoneNumber, 'compliance_application_id'>,
): Promise<Compliance> {
	const id = number.compliance_application_id ?? '';
	if (id === '') return { state: 'none' };
	return await read(channel, {
		path: `/PhoneNumber/Compliance/${encodeURIComponent(id)}/`,
		subject: `compliance application ${id}`,
		flaw: (answer) => (statusOf(answer) === '' ? 'has no status' : undefined),
	}).then(
		(body): Compliance => {
			const status = statusOf(body);
			return status.toLowerCase() === 'accepted'
				? { state: 'accepted', id }
				: { state: 'open', id, status };
		},
		(failure: unknown): Compliance => ({ state: 'unreadable', id, failure: asData(failure) }),
	);
}

function statusOf({ status, compliance }: IDataObject): string {
	const text = status ?? objectOf(compliance).status;
	return typeof text === 'string' ? text.trim() : '';
}

/**
 * The gate of Indian numbers: Plivo's own tool routes none whose compliance application isn't accepted, and
 * warns where none is attached (live; plivo-cli 1.1.3). Numbers of other countries pass.
 *
 * @param number as Plivo has it
 * @param skip passes every number, without a look
 * @returns whole sentences for the output's `warnings`
 * @throws PlivoFailure; of kind `conflict` for an application in any other state
 */
export async function requireCompliance(
	channel: Channel,
	number: PhoneNumber,
	skip: boolean,
): Promise<string[]> {
	if (skip) return [];
	if (!isIndianNumber(number)) {
		if (isPending(number)) throw stillPending(number);
		return statusWarnings(number);
	}
	const found = await readCompliance(channel, number);
	const named = `Indian phone number ${number.number}`;
	switch (found.state) {
		case 'accepted':
			return [];
		case 'none':
			if (isPending(number)) throw stillPending(number);
			return [
				`No compliance application is attached to the ${named}, and Plivo may not carry its calls. ${NO_COMPLIANCE_FIX}`,
			];
		case 'open':
			throw new PlivoFailure(
				'conflict',
				`The ${named} can’t be routed yet: its compliance application ${found.id} is "${found.status}", not accepted`,
				`${COMPLIANCE_FIX} ${OVERRIDE}`,
			);
		case 'unreadable':
			throw new PlivoFailure(
				found.failure.kind,
				`The ${named} was not routed: whether its compliance application ${found.id} is accepted could not be read (${found.failure.message})`,
				`${found.failure.description} ${OVERRIDE}`,
				found.failure.details,
			);
	}
}

/** Whether a number waits for its documents: it costs already, and takes no calls yet. */
export const isPending = ({ compliance_status: status }: IDataObject): boolean =>
	typeof status === 'string' && status.trim().toLowerCase() === 'pending';

/** What Plivo calls a number that lacks nothing. Its other words for it are undocumented. */
const IN_ORDER = ['accepted', 'approved', 'verified', 'fulfilled', 'success', 'not required'];

/**
 * A compliance status that is neither in order nor pending, such as `rejected`: which ones exist is undocumented, so it
 * is passed on and keeps nothing from going on.
 *
 * @returns whole sentences for the output's `warnings`
 */
export function statusWarnings({ number, compliance_status: status }: IDataObject = {}): string[] {
	if (typeof status !== 'string' || isBlank(status) || isPending({ compliance_status: status })) {
		return [];
	}
	if (IN_ORDER.includes(status.trim().toLowerCase().replace(/[_-]/g, ' '))) return [];
	return [
		`Phone number ${String(number)} has the compliance status "${status}", and Plivo may not carry its calls. See Phone Numbers > Compliance in the Plivo console.`,
	];
}

const stillPending = ({ number }: PhoneNumber) =>
	new PlivoFailure(
		'conflict',
		`Phone number ${number} is still pending: Plivo waits for documents, and carries no calls until it has accepted them`,
		`${COMPLIANCE_FIX} ${OVERRIDE}`,
	);

const COMPLIANCE_APPLICATION: Kind = {
	...plainKind,
	path: '/PhoneNumber/Compliance/',
	idField: 'compliance_application_id',
	idKind: 'compliance',
	label: 'compliance application',
	idLabel: 'Compliance Application ID',
};

/** So many are named. */
const MOST_NAMED = 5;

/**
 * The gate of renting: an application that is given must be accepted, and Indian numbers take one (live;
 * plivo-cli 1.1.3).
 *
 * @param id of the application; none: empty
 * @throws PlivoFailure; of kind `conflict` when there is none or it isn't accepted
 */
export async function requireApplication(
	channel: Channel,
	country: Country,
	id: string | undefined,
): Promise<void> {
	const found = await readCompliance(channel, { compliance_application_id: id ?? '' });
	switch (found.state) {
		case 'accepted':
			return;
		case 'none': {
			if (country.code !== 'IN') return;
			const accepted = await acceptedFor(channel, country);
			const named = accepted.map(
				({ compliance_application_id: one, alias }) =>
					`${String(one)}${isBlank(alias) ? '' : ` "${String(alias)}"`}`,
			);
			throw new PlivoFailure(
				'conflict',
				'Nothing was rented: an Indian number needs an accepted compliance application, and none was given',
				named.length > 0
					? `Set 'Compliance Application ID' in the options to one that is accepted: ${named.join(', ')}.`
					: "Submit one under Phone Numbers > Compliance in the Plivo console. When it is accepted, enter its ID as 'Compliance Application ID' in the options.",
			);
		}
		case 'open':
			throw new PlivoFailure(
				'conflict',
				`Nothing was rented: compliance application ${found.id} is "${found.status}", not accepted, and the number would stay pending`,
				'Complete or correct it under Phone Numbers > Compliance in the Plivo console, and wait until it is accepted, or enter another one.',
			);
		case 'unreadable':
			throw new PlivoFailure(
				found.failure.kind,
				`Nothing was rented: whether compliance application ${found.id} is accepted could not be read (${found.failure.message})`,
				found.failure.description,
				found.failure.details,
			);
	}
}

async function acceptedFor(channel: Channel, { code }: Country): Promise<IDataObject[]> {
	const filters = { country_iso: code, status: 'accepted' };
	// Plivo may ignore a filter (live).
	const accept = ({ country_iso: iso, status }: IDataObject) =>
		status === 'accepted' && (iso === undefined || iso === code);
	const listing = { filters, accept, limit: MOST_NAMED };
	return await listRecords(channel, COMPLIANCE_APPLICATION, listing).catch((failure: unknown) => {
		asData(failure);
		return [];
	});
}

const OVERRIDE = "To route it anyway, turn on 'Skip Compliance Check' in the options.";
