import { deleteRecord, type Objection } from '../changes/remove';
import { isGone, PlivoFailure } from '../failure';
import { agree, listed } from '../words';
import { hold, recordClaim } from '../records/accountState';
import { labelled } from '../records/kind';
import { getRecord } from '../records/list';
import { namesOf, numbersOf, trunksUsing } from '../records/references';
import { TRUNK } from '../records/trunk';
import type { Channel } from '../transport/channel';
import type { Step } from './plan';
import { noteDone, sentence, type Transaction, write } from './transaction';

/** Deletes a trunk that no number is routed to any more. */
export async function deleteTrunk(transaction: Transaction, step: Step): Promise<void> {
	const { channel } = transaction;
	const id = step.id ?? '';
	const label = labelled(TRUNK, step.record, id);
	const undo = {
		what: `the deletion of ${label}`,
		run: async (patient: Channel) => {
			const still = await getRecord(patient, TRUNK, id).catch((failure: unknown) => {
				if (isGone(failure)) return undefined;
				throw failure;
			});
			if (still) return false;
			throw new PlivoFailure(
				'conflict',
				'a deleted trunk cannot be brought back. Run it again to delete what belonged to it',
				'',
			);
		},
	};
	const guard = async (holding: Channel) => await routedNow(holding, transaction, id);
	await write(transaction, `delete ${label}`, undo, async () => {
		await deleteRecord(channel, TRUNK, id, { guard }).catch((failure: unknown) => {
			if (!isGone(failure)) throw failure;
		});
	});
	noteDone(transaction, step, step.record);
}

/** Right before the trunk goes: somebody else may have routed a number to it meanwhile. */
async function routedNow(
	channel: Channel,
	{ stuck }: Transaction,
	trunkId: string,
): Promise<Objection[]> {
	const routed = await numbersOf(channel, trunkId);
	const digits = routed.map(({ number }) => number).filter((one) => !stuck.has(one));
	if (digits.length === 0) return [];
	const failure = new PlivoFailure(
		'conflict',
		`${listed(digits)} ${agree(digits.length, 'is', 'are')} routed to it now`,
		'Run it again to get a new plan.',
	);
	return [{ failure }];
}

/** One failure must not leave the other records behind, and what failed once may work the next time. */
const SWEEPS = 2;

/** Deletes what nothing else uses; there is no way back any more, so what fails is named and the rest goes on. */
export async function tidyUp(transaction: Transaction, steps: Step[]): Promise<void> {
	let open: Array<{ step: Step; failure?: PlivoFailure }> = steps.map((step) => ({ step }));
	for (let sweep = 1; sweep <= SWEEPS && open.length > 0; sweep++) {
		const left: typeof open = [];
		for (const { step } of open) {
			await tidy(transaction, step).catch((failure: unknown) => {
				if (!(failure instanceof PlivoFailure)) throw failure;
				left.push({ step, failure });
			});
		}
		open = left;
	}
	const [first] = open;
	if (!first?.failure) return;
	const left = open.map(
		({ step, failure }) =>
			`${labelled(step.kind, step.record, step.id)}: ${sentence(failure?.message ?? '')}`,
	);
	const { done } = transaction;
	const deleted = done.filter(({ action }) => action === 'deleted');
	const trunks = deleted
		.filter(({ kind }) => kind === TRUNK.label)
		.map((step) => labelled(TRUNK, { ...step }, step.id));
	const gone = trunks.length === 0 ? 'The trunk' : `The ${trunks.join(' and the ')}`;
	const parts = steps
		.filter(({ id }) => deleted.some((step) => step.id === id))
		.map(({ kind, record, id }) => labelled(kind, record, id));
	const also = parts.length === 0 ? '' : ` Also deleted: ${parts.join(', ')}.`;
	const moved = (how: 'routed' | 'unrouted', words: string) => {
		const numbers = done.filter(({ action }) => action === how).map(({ id }) => String(id));
		return numbers.length === 0 ? '' : ` ${words}: ${numbers.join(', ')}.`;
	};
	const numbers = moved('routed', 'Rerouted') + moved('unrouted', 'Without a route now');
	const were = agree(Math.max(1, trunks.length), 'was', 'were');
	const summary = `${gone} ${were} deleted, but not everything that belonged to it.${also}${numbers} Left: ${left.join(' ')}`;
	throw new PlivoFailure(
		first.failure.kind,
		summary,
		`Delete what is left by its ID, with the Delete operation of its resource. ${first.failure.description}`,
		{ ...first.failure.details, isAccount: true, left: summary },
	);
}

async function tidy(transaction: Transaction, step: Step): Promise<void> {
	const { channel, options, kept, warnings } = transaction;
	const { kind, record } = step;
	const id = step.id ?? '';
	await hold(channel, [recordClaim(kind, id)], async (holding) => {
		// After the trunk's deletion: another run may just have deleted the last other user.
		const users = await trunksUsing(holding, kind, id);
		if (users.length > 0 && !options.force) {
			kept.push({ kind: kind.label, id, reason: `used by ${namesOf(users)}` });
			return;
		}
		const deleted = await deleteRecord(holding, kind, id, { force: options.force }).catch(
			(failure: unknown) => {
				if (!isGone(failure)) throw failure;
				return { warnings: [] };
			},
		);
		noteDone(transaction, step, record);
		warnings.push(...deleted.warnings);
	});
}
