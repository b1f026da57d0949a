import type { IDataObject } from 'n8n-workflow';

import { badInput, PlivoFailure } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { normalizedName } from '../input/name';
import { requireCompliance } from '../records/compliance';
import { nameAndId } from '../records/kind';
import { isRoutedTo, PHONE_NUMBER, routeOf } from '../records/phoneNumber';
import { applicationOf, isOutOfSight, requireTakesCalls } from '../records/route';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import type { Lookup } from './lookup';
import type { DesiredRoute } from './plan';

const LABEL = 'Phone Numbers';

/** What a run may do to numbers, checked. */
export interface NumberOptions {
	/** False: they are checked and named, and routed later. */
	readonly routeNumbers: boolean;
	/** Take a number that is routed to a trunk of another name. */
	readonly moveRoutedNumbers: boolean;
	readonly allowDisabledTrunk: boolean;
	/** Route an Indian number also where its compliance application isn't accepted. */
	readonly skipComplianceCheck: boolean;
}

/** @throws PlivoFailure of kind `input`, naming the option */
export function numberOptions(options: IDataObject): NumberOptions {
	return {
		routeNumbers: checkedBoolean('Route Numbers', options.routeNumbers ?? true),
		moveRoutedNumbers: checkedBoolean('Move Routed Numbers', options.moveRoutedNumbers ?? false),
		allowDisabledTrunk: checkedBoolean('Allow Disabled Trunk', options.allowDisabledTrunk ?? false),
		skipComplianceCheck: checkedBoolean(
			'Skip Compliance Check',
			options.skipComplianceCheck ?? false,
		),
	};
}

/** For composites without numbers. */
export const NO_NUMBERS: NumberOptions = {
	routeNumbers: true,
	moveRoutedNumbers: false,
	allowDisabledTrunk: false,
	skipComplianceCheck: false,
};

/**
 * Reads phone numbers that are to take calls.
 *
 * @param numbers digits
 * @throws PlivoFailure of kind `input` when one isn't on the account or has no voice
 */
export async function readNumbers(
	lookup: Lookup,
	numbers: readonly string[],
): Promise<IDataObject[]> {
	return await Promise.all(
		numbers.map(async (number) => {
			const record = await lookup.get(PHONE_NUMBER, number);
			if (!record) {
				throw badInput(
					LABEL,
					`contains ${number}, which is not on the account`,
					'Rent the number first, or check its digits and country code.',
				);
			}
			if (record.voice_enabled === true) return record;
			throw badInput(
				LABEL,
				`contains ${number}, which isn't enabled for voice`,
				'Use a number that is enabled for voice.',
			);
		}),
	);
}

/**
 * The routes of numbers to the inbound trunk, once it is clear that they may be taken from where they are.
 *
 * @param numbers held and read
 * @param trunk the inbound trunk, where it is there already
 * @param ownNames the names that trunk may have
 * @throws PlivoFailure of kind `conflict` for a number that is routed to another customer's trunk or out of this
 *   account's sight, for a trunk that is disabled, and for an Indian number whose compliance application isn't accepted
 */
export async function checkedRoutes(
	channel: Channel,
	lookup: Lookup,
	numbers: readonly IDataObject[],
	trunk: IDataObject | undefined,
	ownNames: readonly string[],
	options: NumberOptions,
): Promise<{ routes: DesiredRoute[]; warnings: string[] }> {
	const { routeNumbers, moveRoutedNumbers, allowDisabledTrunk } = options;
	const warnings = await complianceWarnings(channel, numbers, options);
	const moving = numbers.filter((number) => !trunk || !isRoutedTo(number, String(trunk.trunk_id)));
	if (trunk && moving.length > 0 && routeNumbers) requireTakesCalls(trunk, allowDisabledTrunk);
	const names = new Set(ownNames.map(normalizedName));
	const dead = new Set<IDataObject>();
	for (const number of moving) {
		const digits = String(number.number);
		const route = routeOf(number.application);
		if (route?.kind === 'application') {
			warnings.push(
				routeNumbers
					? `Phone number ${digits} was routed to application ${route.id}: its calls go to the trunk from now on.`
					: `Phone number ${digits} is routed to application ${route.id} until it is routed to the trunk.`,
			);
		}
		let named = String(number.application);
		if (!isOutOfSight(channel, number.application)) {
			if (route?.kind !== 'trunk') continue;
			const other = await lookup.get(TRUNK, route.id);
			if (!other) dead.add(number);
			if (!other || names.has(normalizedName(String(other.name ?? '')))) continue;
			named = `trunk ${nameAndId(TRUNK, other)}`;
		}
		if (!moveRoutedNumbers) {
			throw new PlivoFailure(
				'conflict',
				`Phone number ${digits} is routed to ${named}, which would lose its calls`,
				"To move it anyway, turn on 'Move Routed Numbers' in the options. Otherwise check the number.",
			);
		}
		warnings.push(`Phone number ${digits} was taken from ${named}.`);
	}
	return {
		routes: routeNumbers
			? numbers.map((number) => ({
					number,
					to: { ref: 'inbound trunk' },
					isDead: dead.has(number),
					isOutOfSight: isOutOfSight(channel, number.application),
				}))
			: [],
		warnings,
	};
}

/** The gate of Indian numbers; where none is routed yet, nothing is refused but named. */
async function complianceWarnings(
	channel: Channel,
	numbers: readonly IDataObject[],
	{ routeNumbers, skipComplianceCheck }: NumberOptions,
): Promise<string[]> {
	const found = await Promise.all(
		numbers.map(
			async (number) =>
				await requireCompliance(channel, number, skipComplianceCheck).catch((failure: unknown) => {
					if (routeNumbers || !(failure instanceof PlivoFailure) || failure.kind === 'cancelled') {
						throw failure;
					}
					return [`${failure.message}.`];
				}),
		),
	);
	return found.flat();
}

/**
 * Numbers with their old routes, for the output: the way back.
 *
 * @param numbers as they were before the run
 */
export const previousRoutes = (numbers: readonly IDataObject[]): IDataObject[] =>
	numbers.map((number) => ({
		number: String(number.number),
		previous_application: applicationOf(number),
	}));
