import type { IDataObject } from 'n8n-workflow';

import { badInput, PlivoFailure } from '../failure';
import { checkedBoolean } from '../input/boolean';
import { requireCompliance } from '../records/compliance';
import { nameAndId } from '../records/kind';
import { isRoutedTo, PHONE_NUMBER, type PhoneNumber, routeOf } from '../records/phoneNumber';
import { applicationOf, isOutOfSight, requireTakesCalls } from '../records/route';
import { TRUNK, type Trunk } from '../records/trunk';
import type { Channel } from '../transport/channel';
import type { Lookup } from './lookup';
import type { DesiredRoute } from './plan';

const LABEL = 'Phone Numbers';

/** What a run may do to numbers, checked. */
export interface NumberOptions {
	/** False: they are checked and named, and routed later. */
	readonly routeNumbers: boolean;
	/** Take a number that is routed to another trunk. */
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
): Promise<PhoneNumber[]> {
	return await Promise.all(
		numbers.map(async (number) => {
			const record = await lookup.get(PHONE_NUMBER, number);
			if (!record) {
				throw badInput(
					LABEL,
					`contains ${number}, which is not on the account`,
					'Include the country code, such as +1 415 555 0123, or rent the number first.',
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

/** Numbers that are to go to an inbound trunk. */
interface Routing {
	/** Held and read. */
	readonly numbers: readonly PhoneNumber[];
	/** The inbound trunk, where it is there already. */
	readonly trunk: Trunk | undefined;
	readonly options: NumberOptions;
}

/**
 * The routes of numbers to the inbound trunk, once it is clear that they may be taken from where they are.
 *
 * @throws PlivoFailure of kind `conflict` for a number that is routed to another trunk or out of this
 *   account's sight, for a trunk that is disabled, and for an Indian number whose compliance application isn't accepted
 */
export async function checkedRoutes(
	channel: Channel,
	lookup: Lookup,
	{ numbers, trunk, options }: Routing,
): Promise<{ routes: DesiredRoute[]; warnings: string[] }> {
	const { routeNumbers, allowDisabledTrunk } = options;
	const warnings = await complianceWarnings(channel, numbers, options);
	const moving = numbers.filter((number) => !trunk || !isRoutedTo(number, trunk.trunk_id));
	if (trunk && moving.length > 0 && routeNumbers) requireTakesCalls(trunk, allowDisabledTrunk);
	const dead = new Set<IDataObject>();
	for (const number of moving) {
		warnings.push(...applicationWarnings(number, routeNumbers));
		const from = await otherOwnerOf(channel, lookup, number);
		if (from === 'gone') dead.add(number);
		else if (from) warnings.push(takenFrom(number, from.named, options));
	}
	const routes = numbers.map((number) => ({
		number,
		to: { ref: 'inbound trunk' },
		isDead: dead.has(number),
		isOutOfSight: isOutOfSight(channel, number.application),
	}));
	return { routes: routeNumbers ? routes : [], warnings };
}

function applicationWarnings({ number, application }: PhoneNumber, routed: boolean): string[] {
	const route = routeOf(application);
	if (route?.kind !== 'application') return [];
	return [
		routed
			? `Phone number ${number} was routed to application ${route.id}: its calls go to the trunk from now on.`
			: `Phone number ${number} is routed to application ${route.id} until it is routed to the trunk.`,
	];
}

/** Who else has a number's calls, in words; `gone` where its trunk is; nothing where nobody has. */
async function otherOwnerOf(
	channel: Channel,
	lookup: Lookup,
	{ application }: PhoneNumber,
): Promise<{ named: string } | 'gone' | undefined> {
	if (isOutOfSight(channel, application)) return { named: String(application) };
	const route = routeOf(application);
	if (route?.kind !== 'trunk') return undefined;
	const trunk = await lookup.get(TRUNK, route.id);
	if (!trunk) return 'gone';
	// It takes no calls that could be lost.
	if (trunk.trunk_direction === 'outbound') return undefined;
	return { named: `trunk ${nameAndId(TRUNK, trunk)}` };
}

/** @throws PlivoFailure of kind `conflict` where the number must not be taken from there */
function takenFrom(
	{ number }: PhoneNumber,
	named: string,
	{ moveRoutedNumbers }: NumberOptions,
): string {
	if (moveRoutedNumbers) return `Phone number ${number} was taken from ${named}.`;
	throw new PlivoFailure(
		'conflict',
		`Phone number ${number} is routed to ${named}, which would lose its calls`,
		"To move it anyway, turn on 'Move Routed Numbers' in the options. Otherwise check the number.",
	);
}

/** The gate of Indian numbers; where none is routed yet, nothing is refused but named. */
async function complianceWarnings(
	channel: Channel,
	numbers: readonly PhoneNumber[],
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
export const previousRoutes = (numbers: readonly PhoneNumber[]): IDataObject[] =>
	numbers.map((number) => ({
		number: number.number,
		previous_application: applicationOf(number),
	}));
