import type { IDataObject } from 'n8n-workflow';

import { routeOf } from '../plivo/route';
import { PHONE_NUMBER } from '../plivo/kinds';
import { getRecord } from '../plivo/read';
import { checkedPhoneNumber } from '../plivo/rules';
import { holdRecord, routeNumber } from '../plivo/write';
import type { Channel } from '../transport/channel';
import { badInput, PlivoFailure } from '../transport/failure';
import { type Job, note, write } from './job';

const LABEL = 'Phone Numbers';

/**
 * @param value a list, or one text with commas, semicolons or line ends between the numbers
 * @returns digits, none twice; none at all is fine
 * @throws PlivoFailure of kind `input`, for the first that is no phone number
 */
export function checkedNumbers(value: unknown): string[] {
	const entries =
		typeof value === 'string' ? value.split(/[,;\n]/) : Array.isArray(value) ? value : [value];
	const given = entries.filter(
		(entry) => !(typeof entry === 'string' && entry.trim() === '') && (entry ?? '') !== '',
	);
	return [...new Set(given.map((entry) => checkedPhoneNumber(LABEL, entry)))].sort();
}

/**
 * Nothing else in this process routes these numbers meanwhile: their old routes stay the way back.
 *
 * @param numbers sorted, so that two of these never wait for each other
 */
export async function holdNumbers<T>(
	channel: Channel,
	[number, ...others]: string[],
	work: () => Promise<T>,
): Promise<T> {
	if (number === undefined) return await work();
	return await holdRecord(
		channel,
		PHONE_NUMBER,
		number,
		async () => await holdNumbers(channel, others, work),
	);
}

/**
 * Reads phone numbers that are to take calls.
 *
 * @throws PlivoFailure of kind `input` when one isn't on the account or has no voice
 */
export async function readNumbers(channel: Channel, numbers: string[]): Promise<IDataObject[]> {
	return await Promise.all(
		numbers.map(async (number) => {
			const record = await getRecord(channel, PHONE_NUMBER, number).catch(
				(failure: unknown): never => {
					if (!(failure instanceof PlivoFailure) || failure.details.httpCode !== 404) throw failure;
					throw badInput(
						LABEL,
						`contains ${number}, which is not on the account`,
						'Rent the number first, or check its digits and country code.',
					);
				},
			);
			if (record.voice_enabled === true) return record;
			throw badInput(
				LABEL,
				`contains ${number}, which can take no voice calls`,
				'Use a number with voice.',
			);
		}),
	);
}

/** One number's route, for the output. */
export interface RoutedNumber extends IDataObject {
	number: string;
	/** The resource path of what its calls went to before: the way back. */
	previous_application: string | null;
}

/**
 * Routes numbers to a trunk or application, one after the other. Those whose old route can't be set
 * again come last: whether a route can be cleared is not documented.
 *
 * @param numbers held and read
 * @param target an inbound trunk's or an application's id
 */
export async function routeNumbers(
	job: Job,
	numbers: IDataObject[],
	target: string,
): Promise<RoutedNumber[]> {
	const returnable = (number: IDataObject) => routeOf(number.application) !== undefined;
	const order = [...numbers.filter(returnable), ...numbers.filter((number) => !returnable(number))];
	for (const number of order) await routeOne(job, number, target);
	return numbers.map(({ number, application }) => ({
		number: String(number),
		previous_application: (application ?? null) as string | null,
	}));
}

async function routeOne(job: Job, record: IDataObject, target: string): Promise<void> {
	const { channel } = job;
	const number = String(record.number);
	const old = routeOf(record.application);
	if (old?.id === target) return note(job, 'reused', PHONE_NUMBER, noted(record));
	const reverse = {
		what: `the route of phone number ${number}`,
		run: async (patient: Channel) => {
			const now = await getRecord(patient, PHONE_NUMBER, number);
			if (routeOf(now.application)?.id !== target) return false;
			if (old) {
				await routeNumber(patient, number, old.id);
				return true;
			}
			throw new PlivoFailure(
				'conflict',
				`it was routed nowhere before, and Plivo offers no way to clear a route`,
				'',
			);
		},
	};
	await write(job, `route phone number ${number}`, reverse, async () => {
		await routeNumber(channel, number, target);
	});
	note(job, 'routed', PHONE_NUMBER, noted(record));
}

const noted = ({ number, alias }: IDataObject) => ({ number, ...(alias ? { name: alias } : {}) });
