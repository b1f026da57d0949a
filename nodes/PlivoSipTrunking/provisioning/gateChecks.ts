import { type PlivoRecord, toNumber, toText } from '../knowledge/callRecord';
import { type Compliance, COMPLIANCE_FIX, NO_COMPLIANCE_FIX } from '../records/compliance';
import { fail, info, pass, type ReadinessCheck, warn } from './readinessChecks';

const isOn = (value: unknown) => value === true || toText(value).toLowerCase() === 'true';

/**
 * Whether the account can pay for calls: the first step of Plivo's own readiness check (live; plivo-cli 1.1.3).
 *
 * @param account `null`: Plivo has refused to show it
 */
export function accountCheck(account: PlivoRecord | null): ReadinessCheck {
	const credits = toNumber(account?.cash_credits);
	const shown = toText(account?.cash_credits);
	if (account && isOn(account.auto_recharge)) {
		return pass('Account', `Auto-recharge is on${shown && `; the account has ${shown} credits`}.`);
	}
	if (credits === undefined) {
		return warn(
			'Account',
			'The account’s credits could not be read.',
			'Check in the Plivo console that there are credits, or that auto-recharge is on.',
		);
	}
	return credits > 0
		? pass('Account', `The account has ${shown} credits. Auto-recharge is off.`)
		: fail(
				'Account',
				`The account has ${shown} credits and auto-recharge is off, so Plivo carries no calls.`,
				'Add credit under Billing in the Plivo console, and turn on auto-recharge.',
			);
}

/**
 * The gates of Indian numbers (live; plivo.com/docs/voice-agents/sip-trunking/deploy/calling-in-india): the
 * compliance application, and two that no API shows.
 */
export function indiaChecks(number: string, compliance: Compliance): ReadinessCheck[] {
	return [
		complianceCheck(number, compliance),
		info(
			'India: data region',
			'For Indian numbers the account’s data region must be India, which no API shows.',
			'Check it in the account settings of the Plivo console; Plivo support can change it.',
		),
		info(
			'India: media',
			'Calls of Indian numbers must be handled in India, signaling and media; others end with hangup code 4590. No API shows it.',
			'Use a PBX in India or the platform’s host for India, and ask the provider where it handles media.',
		),
	];
}

function complianceCheck(number: string, compliance: Compliance): ReadinessCheck {
	const name = 'India: compliance';
	switch (compliance.state) {
		case 'accepted':
			return pass(name, `The compliance application of ${number} is accepted.`);
		case 'none':
			return warn(
				name,
				`No compliance application is attached to ${number}, and Plivo may not carry its calls.`,
				NO_COMPLIANCE_FIX,
			);
		case 'open':
			return fail(
				name,
				`The compliance application ${compliance.id} of ${number} is "${compliance.status}", not accepted.`,
				COMPLIANCE_FIX,
			);
		case 'unreadable':
			return fail(
				name,
				`Whether the compliance application ${compliance.id} of ${number} is accepted could not be read: ${compliance.failure.message}.`,
				COMPLIANCE_FIX,
			);
	}
}

/**
 * What can stand in the way of calls and is shown in the console alone
 * (plivo.com/docs/sip-trunking/concepts/technical-specifications, checked 2026-11).
 *
 * @param out whether calls go out as well
 */
export function consoleChecks(out: boolean): ReadinessCheck[] {
	const checks = [
		info(
			'Concurrent calls',
			'No API shows how many calls the account may have at a time. As of November 2026: 2 on the Free plan, 5 to 25 on Professional, 50 on Enterprise. More are refused with hangup code 5190.',
			'Compare the limit in the Plivo console with the calls that you expect, and ask Plivo for more if needed.',
		),
		info(
			'Calls per second',
			'No API shows how many calls may begin per second. As of November 2026: 1 for new US accounts (2 once they have spent money), 2 in India, and 1 for each outbound trunk. More are refused with hangup code 5180, never queued.',
			'Compare the limit in the Plivo console with the calls that you expect, and space out outbound calls.',
		),
	];
	if (!out) return checks;
	return [
		info(
			'Geo permissions',
			'No API shows which countries the account may call. Calls to others are refused with hangup code 4560 or 4650.',
			'Allow the countries that you call under Geo Permissions in the Plivo console.',
		),
		...checks,
	];
}
