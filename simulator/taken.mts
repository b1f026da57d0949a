import type { Account } from './account.mts';
import type { Refusal } from './checks.mts';
import type { KindName, PlivoRecord } from './records.mts';

const NOUNS: Partial<Record<KindName, string>> = {
	trunks: 'trunk',
	uris: 'origination URI',
	credentials: 'credential',
	ipacls: 'IP access control list',
};

/**
 * Whether another record has what must be unique: the name, or the `uri` of an origination URI.
 *
 * @param fields of the request
 * @param before the record as it is, of an update
 * @returns the refusal, if so
 */
export function checkTaken(
	{ state, variants }: Account,
	kind: KindName,
	fields: PlivoRecord,
	before?: PlivoRecord,
): Refusal | undefined {
	const after = { ...before, ...fields };
	const changes = (field: string) => after[field] !== before?.[field];
	const hasOther = (...same: string[]) => {
		for (const other of state[kind].values()) {
			if (other !== before && same.every((field) => other[field] === after[field])) return true;
		}
		return false;
	};
	const within = kind === 'trunks' && variants.names === 'direction' ? ['trunk_direction'] : [];
	const unique = kind === 'trunks' ? variants.names !== 'none' : variants.othernames === 'unique';
	const named = (after.name ?? '') !== '';
	if (unique && named && ['name', ...within].some(changes) && hasOther('name', ...within)) {
		return refusal(variants.taken, NOUNS[kind] ?? kind, 'name', String(after.name));
	}
	if (kind === 'uris' && variants.uri === 'one' && changes('uri') && hasOther('uri')) {
		return refusal(variants.taken, NOUNS.uris ?? kind, 'uri', String(after.uri));
	}
	return undefined;
}

/** The words of the 400s are Plivo's (seen); the others are what an API may say just as well. */
function refusal(
	taken: Account['variants']['taken'],
	noun: string,
	field: 'name' | 'uri',
	value: string,
): Refusal {
	switch (taken) {
		case '400':
			return {
				status: 400,
				error:
					field === 'uri'
						? 'Origination URI Already Exists'
						: `A ${noun} with the same name "${value}" already exists`,
			};
		case '409':
			return { status: 409, error: `duplicate ${field} of ${noun}: ${value}`, shape: 'message' };
		case '422':
			return { status: 422, error: `${field} has already been taken`, shape: 'data' };
	}
}
