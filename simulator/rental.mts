import type { Account } from './account.mts';
import type { Refusal } from './checks.mts';
import { type PlivoRecord, routeTo } from './records.mts';

interface Country {
	iso: string;
	name: string;
	prefix: string;
}

const COUNTRIES: Country[] = [
	{ iso: 'US', name: 'UNITED STATES', prefix: '1' },
	{ iso: 'CA', name: 'CANADA', prefix: '1' },
	{ iso: 'GB', name: 'UNITED KINGDOM', prefix: '44' },
	{ iso: 'IN', name: 'INDIA', prefix: '91' },
	{ iso: 'AU', name: 'AUSTRALIA', prefix: '61' },
];

/** What there is to rent: so many numbers one after the other of each place. */
const STOCK: Array<
	[
		iso: string,
		first: number,
		count: number,
		type: string,
		city: string | null,
		region: string | null,
		setup: string,
		monthly: string,
		restriction: string | null,
	]
> = [
	['US', 14155770001, 25, 'local', 'San Francisco', 'California', '0.00000', '0.50000', null],
	['US', 12125770001, 5, 'local', 'New York', 'New York', '0.00000', '0.50000', null],
	['US', 18885770001, 5, 'tollfree', null, null, '0.00000', '1.00000', null],
	['CA', 14165770001, 5, 'local', 'Toronto', 'Ontario', '0.00000', '0.50000', null],
	['GB', 442045770001, 5, 'local', 'London', 'London', '0.00000', '0.50000', 'country-address'],
	['GB', 447455770001, 5, 'mobile', null, null, '0.00000', '1.50000', null],
	['IN', 912245770001, 5, 'local', 'Mumbai', 'Maharashtra', '0.00000', '3.50000', null],
	[
		'AU',
		61285770001,
		5,
		'local',
		'Sydney',
		'New South Wales',
		'5.00000',
		'3.00000',
		'city-address',
	],
	['AU', 61485770001, 5, 'mobile', null, null, '0.00000', '6.50000', 'terms-and-conditions'],
];

/** Fills an account's stock with numbers to rent in several countries. */
export function fillStock({ add, authId }: Account): void {
	for (const [iso, first, count, type, city, region, setup, monthly, restriction] of STOCK) {
		const { name = iso, prefix = '' } = COUNTRIES.find((country) => country.iso === iso) ?? {};
		const northAmerican = prefix === '1';
		for (let number = first; number < first + count; number++) {
			add('stock', {
				number: String(number),
				prefix: String(number).slice(prefix.length, prefix.length + 3),
				city,
				country: name,
				region: region ? `${region}, ${name}` : name,
				rate_center: northAmerican && city ? city.toUpperCase() : null,
				lata: northAmerican && city ? String(number).slice(1, 4) : null,
				type,
				sub_type: type,
				setup_rate: setup,
				monthly_rental_rate: monthly,
				voice_enabled: true,
				voice_rate: '0.00850',
				sms_enabled: northAmerican || type === 'mobile',
				mms_enabled: northAmerican,
				restriction,
				restriction_text: restriction ? `needs: ${restriction}` : null,
				resource_uri: `/v1/Account/${authId}/PhoneNumber/${number}/`,
			});
		}
	}
}

const countryOf = (isoOrName: unknown) =>
	COUNTRIES.find(({ iso, name }) => iso === isoOrName || name === isoOrName);

/**
 * The numbers to rent that a search asks for; or why it is refused.
 * Source: plivo.com/docs/numbers/api/phone-number.
 */
export function searchStock(
	stock: PlivoRecord[],
	query: Record<string, string>,
): PlivoRecord[] | Refusal {
	const { country_iso: iso, type, pattern, npanxx, city, region, services } = query;
	if (iso === undefined) return { status: 400, error: 'country_iso is required' };
	const country = countryOf(iso);
	if (!country) return [];
	const has = (text: unknown, part: string | undefined) =>
		part === undefined ||
		String(text ?? '')
			.toLowerCase()
			.includes(part.toLowerCase());
	return stock.filter(
		(number) =>
			number.country === country.name &&
			(type === undefined || number.type === type) &&
			String(number.number).startsWith(country.prefix + (npanxx ?? pattern ?? '')) &&
			// Of local numbers alone, as the region is of fixed ones.
			(city === undefined || (number.type === 'local' && has(number.city, city))) &&
			(region === undefined || (number.type === 'fixed' && has(number.region, region))) &&
			has(number.rate_center, query.rate_center) &&
			has(number.lata, query.lata) &&
			(services?.split(',') ?? []).every((service) => number[`${service}_enabled`] === true),
	);
}

/** Money as Plivo writes it. */
const money = (amount: number) => amount.toFixed(5);

/**
 * Rents a number: it leaves the stock, comes to the account and costs at once. Without the documents that it takes it
 * stays `pending` until a compliance application is linked.
 *
 * @returns the body of the answer, or why it is refused
 */
export function rent(account: Account, number: PlivoRecord, body: unknown): PlivoRecord | Refusal {
	const { state, authId, variants, options } = account;
	const iso = countryOf(number.country)?.iso;
	if (iso !== undefined && options.closedCountries.includes(iso)) {
		return { status: 403, error: `numbers of ${iso} are not enabled for this account` };
	}
	const { app_id: target, compliance_application_id: compliance, ...rest } = objectOf(body);
	const application =
		(target ?? '') === ''
			? state.applications.all().find(({ default_app: byDefault }) => byDefault === true)
			: state.applications.get(String(target));
	if ((target ?? '') !== '' && !application) {
		return { status: 400, error: 'app_id is not an application' };
	}
	const papers = state.compliance.get(String(compliance ?? ''));
	if ((compliance ?? '') !== '' && !papers) {
		return { status: 400, error: 'compliance_application_id does not exist' };
	}
	const charge = Number(number.setup_rate ?? 0) + Number(number.monthly_rental_rate ?? 0);
	const credits = Number(account.account.cash_credits);
	if (credits < charge && account.account.auto_recharge !== true) {
		return { status: 400, error: 'insufficient credits to rent this number' };
	}
	const needsPapers = number.restriction !== null || iso === 'IN';
	const pending = needsPapers && papers?.status !== 'accepted';
	const status = pending ? 'pending' : 'fulfilled';
	const id = String(number.number);
	account.account.cash_credits = money(credits - charge);
	state.stock.delete(id);
	account.add(
		'numbers',
		{
			number: id,
			alias: null,
			application: application ? routeTo(authId, 'applications', String(application.app_id)) : null,
			country: number.country,
			region: number.region,
			number_type: number.type,
			monthly_rental_rate: number.monthly_rental_rate,
			voice_enabled: number.voice_enabled,
			sms_enabled: number.sms_enabled,
			mms_enabled: number.mms_enabled,
			cnam_lookup: rest.cnam_lookup ?? false,
			compliance_application_id: papers?.compliance_application_id ?? null,
			compliance_status: needsPapers ? (papers?.status ?? 'pending') : null,
		},
		variants.late,
	);
	account.add('rents', { number: id, at: options.now(), charge: money(charge), status });
	return {
		message: 'created',
		status,
		numbers: [{ number: id, status: pending ? 'pending' : 'Success' }],
	};
}

/** Links numbers of the account to compliance applications, and returns the result of each. */
export function linkCompliance({ state }: Account, body: unknown): PlivoRecord | Refusal {
	const { numbers: links } = objectOf(body);
	if (!Array.isArray(links) || links.length === 0) {
		return { status: 400, error: 'numbers is required' };
	}
	const report = links.map((link: unknown) => {
		const { number, compliance_application_id: id } = objectOf(link);
		const [record, papers] = [state.numbers.get(String(number)), state.compliance.get(String(id))];
		if (!record || !papers) {
			const remarks = record ? 'no such compliance application' : 'no such number';
			return { number, status: 'failed', remarks };
		}
		record.compliance_application_id = papers.compliance_application_id;
		record.compliance_status = papers.status;
		return { number, status: 'success', remarks: '' };
	});
	const updated = report.filter(({ status }) => status === 'success').length;
	return { total_count: links.length, updated_count: updated, report };
}

const objectOf = (value: unknown): PlivoRecord =>
	typeof value === 'object' && value !== null ? (value as PlivoRecord) : {};
