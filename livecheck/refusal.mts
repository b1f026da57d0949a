import type { Answer } from './client.mts';
import type { PlivoRecord } from './kinds.mts';

const isRecord = (value: unknown): value is PlivoRecord =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** The shape of an error's body, as the facts know them. */
export function shapeOf({ body, form }: Answer): string {
	if (form !== 'JSON' || !isRecord(body)) return form === 'JSON' ? 'a JSON list' : form;
	if (typeof body.error === 'string') return '{"error"}';
	if (typeof body.message === 'string') return '{"message"}';
	if (isRecord(body.data) && typeof body.data.error === 'string') return '{"data":{"error"}}';
	return 'JSON of another shape';
}

/** The facts have these; another one means that errors are shown without their words. */
export const isKnownShape = (answer: Answer) =>
	!['JSON of another shape', 'a JSON list', 'empty', 'cut off'].includes(shapeOf(answer));

function textOf({ body }: Answer): string {
	if (!isRecord(body)) return '';
	const nested = isRecord(body.data) ? body.data.error : undefined;
	return String(body.error ?? body.message ?? nested ?? '');
}

/** Words of refusals. A word that isn't one of them may be a name or an id of the account. */
const WORDS = new Set(
	`a account again algorithm allow allowed already an and another any are at authentication be been by can cannot
	character characters conflict contain contains control create created credential credentials delete deleted
	different digits direction duplicate duplicated each empty enabled entry error exist existing exists failed field
	fields for found given has have id identical in inbound integrity invalid ip is it item key length letters list
	long lower match may message method missing more must name named names need needed new no not number numeric of
	on one only or origination other outbound parameter parameters password please provide provided record refused
	request required resource same secure set short should sip special specified status string such taken than that
	the there this too trunk trunk_direction trunks trunking two type unique unknown unsupported update upper uri uris
	use used user username uuid valid value values violates was with within wrong you your underscore underscores
	access lists address addresses application app_id credential_uuid ipacl_uuid primary_uri_uuid api bad`.split(
		/\s+/,
	),
);

/** How a refusal is worded: only words of the language, everything else as `…`. */
export function wordsOf(answer: Answer): string {
	const words = textOf(answer)
		.slice(0, 300)
		.split(/[\s"'`“”‘’:;,.!?()[\]{}<>=/\\]+/)
		.filter(Boolean)
		.map((word) => (WORDS.has(word.toLowerCase()) ? word.toLowerCase() : '…'));
	return words.join(' ').replace(/…( …)+/g, '…');
}

/** As the nodes understand that something is taken: they go on with the record that is there. */
export function saysTaken(answer: Answer): boolean {
	const words = /exist|duplicate|taken|same name/i.test(textOf(answer));
	return [400, 409, 422].includes(answer.status) && words;
}
